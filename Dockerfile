# Small, not root, and able to hear: docker build -t aside . && docker run -p 8000:8000 -v aside:/data -e API_KEYS=$(openssl rand -base64 24) aside
FROM node:26-slim AS pages
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY tools tools
RUN npm ci --ignore-scripts
COPY src src
RUN node tools/web/build.mjs

FROM node:26-slim
ARG EARS="bzip2 ffmpeg pocketsphinx pocketsphinx-en-us"
RUN if [ -n "$EARS" ]; then apt-get update && apt-get install -y --no-install-recommends $EARS && rm -rf /var/lib/apt/lists/*; fi
WORKDIR /app
COPY package.json package-lock.json ./
COPY tools tools
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY src src
COPY --from=pages /app/dist dist
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "tools/start.mjs", "serve"]
