/** What somebody is called who has no name. */
export const partner = 'dein Gegenüber';

/** The fixed sentences of the service and what they are in German; a hole stands for words of people, names and numbers. */
export const sentences: Readonly<Record<string, string>> = {
  // why something is whispered
  'You asked for a hint. {rest}': 'Du hast um einen Hinweis gebeten. {rest}',
  'It has been quiet for {seconds} seconds. {rest}': 'Seit {seconds} Sekunden ist es still. {rest}',
  'They asked "{quote}", and it is your turn to answer.': 'Die Frage war „{quote}“, und du bist an der Reihe.',
  'They asked something, though not every word of it was clear.': 'Es war eine Frage, wenn auch nicht jedes Wort davon klar war.',
  'They asked "{quote}"; your reply does not hold what they asked for.': 'Die Frage war „{quote}“; in deiner Antwort fehlt, wonach gefragt war.',
  'They asked "{quote}", and the answer has not begun.': 'Die Frage war „{quote}“, und die Antwort hat noch nicht begonnen.',
  'They said "{quote}", and nobody has taken it up.': 'Es fiel der Satz „{quote}“, und niemand hat ihn aufgenommen.',
  'You asked, and they may still be thinking.': 'Du hast gefragt, und vielleicht wird noch nachgedacht.',
  'You said "{quote}", and they may not know that it is their turn.':
    'Du sagtest „{quote}“, und vielleicht weiß niemand, wer jetzt an der Reihe ist.',
  'The last words were "{quote}".': 'Die letzten Worte waren „{quote}“.',
  'Their question "{quote}" is open.': 'Die Frage „{quote}“ ist noch offen.',
  'They have just said "{quote}".': 'Gerade fiel der Satz „{quote}“.',
  'They brought it up: "{quote}".': 'Es kam von der anderen Seite: „{quote}“.',
  'They brought it up ("{quote}"), and you have not come back to it.':
    'Es kam von der anderen Seite („{quote}“), und du bist nicht darauf zurückgekommen.',
  'They brought it up twice ("{quote}"), and you have not come back to it.':
    'Es kam zweimal von der anderen Seite („{quote}“), und du bist nicht darauf zurückgekommen.',
  'They brought it up {times} times ("{quote}"), and you have not come back to it.':
    'Es kam {times}-mal von der anderen Seite („{quote}“), und du bist nicht darauf zurückgekommen.',
  'They spoke about it a moment ago.': 'Davon war eben die Rede.',
  'It is in what you told about this talk.': 'Es steht in dem, was du über dieses Gespräch gesagt hast.',
  'Your goal says "{part}".': 'In deinem Ziel steht „{part}“.',
  'Your goal says "{part}", and in {turns} turns nobody has spoken about it.':
    'In deinem Ziel steht „{part}“, und in {turns} Beiträgen sprach niemand davon.',
  'Nothing in the talk or in what you told offers more.': 'Mehr gibt weder das Gespräch her noch das, was du gesagt hast.',
  'You have been speaking for {seconds} seconds without a word from them that asks or adds anything.':
    'Du sprichst seit {seconds} Sekunden, ohne dass jemand etwas gefragt oder ergänzt hat.',
  '{count} fillers in your last {words} words, {times} of them "{filler}".':
    '{count} Füllwörter in deinen letzten {words} Wörtern, davon {times}-mal „{filler}“.',
  'You spoke at {pace} words a minute; the mark is {mark}.': 'Du sprachst {pace} Wörter in der Minute; die Marke ist {mark}.',
  '{by} thought of it at "{quote}".': 'Der Gedanke kam bei „{quote}“.',
  '{by} thought of it from what you told about this talk.': 'Der Gedanke kam aus dem, was du über dieses Gespräch gesagt hast.',
  // what is worth another look
  'Your most concrete answer: it gives something to hold on to.': 'Deine greifbarste Antwort: Daran kann man sich halten.',
  'A question of yours that opened the other side up.': 'Eine Frage von dir, die die andere Seite zum Reden brachte.',
  'You came back to something they had brought up.': 'Du kamst auf etwas zurück, was von der anderen Seite kam.',
  'This question got no answer.': 'Diese Frage bekam keine Antwort.',
  'Here your longest turn began.': 'Hier begann dein längster Beitrag.',
  'Fillers crowd together here.': 'Hier drängen sich die Füllwörter.',
  'You began while the other side was still speaking.': 'Du begannst, während die andere Seite noch sprach.',
  // stars
  'Nothing was said, so there is no strength to report yet.': 'Es wurde nichts gesagt, also ist noch keine Stärke zu berichten.',
  'This star is waiting for your next conversation.': 'Dieser Stern wartet auf dein nächstes Gespräch.',
  'Most of what was said could not be given to a voice, so nobody is praised for it.':
    'Das meiste ließ sich keiner Stimme zuordnen, also wird niemand dafür gelobt.',
  'This star is waiting for a session in which your voice is known.': 'Dieser Stern wartet auf ein Gespräch, in dem deine Stimme bekannt ist.',
  'Only the other side was heard, so there is no word of yours to praise.':
    'Nur die andere Seite war zu hören, also gibt es kein Wort von dir zu loben.',
  'This star is waiting for your own voice.': 'Dieser Stern wartet auf deine eigene Stimme.',
  'Too little was said to find a strength: we heard {count} words of yours.':
    'Für eine Stärke war es zu wenig: Von dir waren {count} Wörter zu hören.',
  'This star is waiting for a longer talk.': 'Dieser Stern wartet auf ein längeres Gespräch.',
  'No strength could be proved from the log this time; that is no verdict on you.':
    'Diesmal ließ sich keine Stärke belegen; das ist kein Urteil über dich.',
  'This star is left empty rather than invented.': 'Dieser Stern bleibt lieber leer, als erfunden zu werden.',
  'Too little was said to find a second strength.': 'Für eine zweite Stärke wurde zu wenig gesagt.',
  'A second strength could not be proved from the log, so none is invented.': 'Eine zweite Stärke ließ sich nicht belegen, also wird keine erfunden.',
  'When {they} asked “{question}” you answered with something to hold on to: “{answer}”':
    'Auf die Frage „{question}“ hast du etwas Greifbares geantwortet: „{answer}“',
  'You listened: {they} brought up “{word}”, and you picked it up with “{line}”':
    'Du hast zugehört: Es ging um „{word}“, und du hast es aufgenommen: „{line}“',
  'Your question “{question}” got {them} talking: “{answer}”': 'Deine Frage „{question}“ brachte {them} zum Reden: „{answer}“',
  'You came for “{goal}” and put it into words: “{line}”': 'Dein Ziel war „{goal}“, und du hast es ausgesprochen: „{line}“',
  'You took the time to say thank you: “{line}”': 'Du hast dir die Zeit genommen, danke zu sagen: „{line}“',
  'Nobody waited for you in vain. Whenever {they} asked you something, you replied.':
    'Niemand wartete vergeblich auf dich: Auf jede Frage hast du geantwortet.',
  'You were curious: {count} questions came from you, such as “{question}”': 'Du warst neugierig: {count} Fragen kamen von dir, etwa „{question}“',
  'You spoke without clutter: {count} fillers in {words} words.': 'Du sprachst klar: {count} Füllwörter in {words} Wörtern.',
  'You spoke without clutter: 1 filler in {words} words.': 'Du sprachst klar: ein Füllwort in {words} Wörtern.',
  'You shared the floor: {share} % of the speaking time was yours.': 'Du hast das Wort geteilt: {share} % der Redezeit waren deine.',
  'Your pace was easy to follow: {pace} words a minute.': 'Deinem Tempo war leicht zu folgen: {pace} Wörter in der Minute.',
  'You took your time: your reply usually began {seconds} s after {they} had stopped.':
    'Du hast dir Zeit genommen: Deine Antwort begann meist {seconds} s nach dem letzten Wort der anderen Seite.',
  // the wish
  'Next time, check the microphone first and say your opening line: nothing was heard.':
    'Prüfe nächstes Mal zuerst das Mikrofon und sag deinen ersten Satz: Es war nichts zu hören.',
  'A wish cannot be made fairly: Aside lost your voice on the way, after a restart say, so most lines belong to nobody.':
    'Ein Wunsch wäre nicht fair: Aside hat deine Stimme unterwegs verloren, etwa nach einem Neustart; die meisten Zeilen gehören niemandem.',
  'Next time, say your opening line close to the microphone, so that your words can be told from theirs.':
    'Sag nächstes Mal deinen ersten Satz nah am Mikrofon, damit deine Worte von den anderen zu unterscheiden sind.',
  'Next time, say more: {count} words of yours {are} too few to wish for anything finer.':
    'Sag nächstes Mal mehr: {count} Wörter von dir sind zu wenige für einen feineren Wunsch.',
  'Next time, answer before you move on: {they} asked “{question}” and got no answer.':
    'Antworte nächstes Mal, bevor du weitergehst: Die Frage „{question}“ blieb ohne Antwort.',
  'Next time, leave room for the last question: “{question}” was still open when the talk ended.':
    'Lass nächstes Mal Raum für die letzte Frage: „{question}“ war am Ende noch offen.',
  'Next time, steer towards what you came for: your goal was “{goal}”, and no line of yours uses its words.':
    'Steure nächstes Mal auf das zu, weswegen du kamst: Dein Ziel war „{goal}“, und kein Satz von dir nimmt seine Worte auf.',
  'Next time, ask {them} something early: not one question in this talk was yours.':
    'Frag nächstes Mal früh etwas: In diesem Gespräch kam keine einzige Frage von dir.',
  'Next time, show that you are thinking: your reply usually began {seconds} s after {they} had stopped.':
    'Zeig nächstes Mal, dass du nachdenkst: Deine Antwort begann meist erst nach {seconds} s.',
  'Next time, let a silence stand where you would fill it: {count} fillers in {words} words ({share} %), “{filler}” most of all.':
    'Lass nächstes Mal eine Stille stehen, wo du sie füllen würdest: {count} Füllwörter in {words} Wörtern ({share} %), vor allem „{filler}“.',
  'Next time, hand over sooner: your longest turn took {seconds} s.': 'Gib nächstes Mal früher ab: Dein längster Beitrag dauerte {seconds} s.',
  'Next time, slow down: {pace} words a minute is hard to follow.':
    'Sprich nächstes Mal langsamer: {pace} Wörtern in der Minute ist schwer zu folgen.',
  'Next time, speak a little faster: {pace} words a minute makes people wait.':
    'Sprich nächstes Mal etwas schneller: Bei {pace} Wörtern in der Minute wartet man.',
  'Next time, leave more room: {share} % of the speaking time was yours.': 'Lass nächstes Mal mehr Raum: {share} % der Redezeit waren deine.',
  'Next time, take more room: only {share} % of the speaking time was yours.':
    'Nimm dir nächstes Mal mehr Raum: Nur {share} % der Redezeit waren deine.',
  // what to take along
  'Do what you promised while it is fresh: “{line}”': 'Tu, was du versprochen hast, solange es frisch ist: „{line}“',
  'Prepare two sentences in answer to “{question}”': 'Lege dir zwei Sätze bereit als Antwort auf „{question}“',
  'Answer this when you next speak: “{question}”': 'Beantworte das beim nächsten Mal: „{question}“',
  'Before you go in, choose the sentence that will lead you to your goal, “{goal}”.':
    'Wähle vorher den Satz, der dich zu deinem Ziel führt: „{goal}“.',
  'Go in with two questions that you really want answered.': 'Geh mit zwei Fragen hinein, auf die du wirklich eine Antwort willst.',
  'Go in with one question that you really want answered.': 'Geh mit einer Frage hinein, auf die du wirklich eine Antwort willst.',
  'When you need time, say that you are thinking; then silence feels like care.':
    'Brauchst du Zeit, dann sag, dass du nachdenkst; dann wirkt Stille wie Sorgfalt.',
  'Tell one story aloud, and breathe out each time “{filler}” wants to come.':
    'Erzähle eine Geschichte laut und atme aus, sooft „{filler}“ kommen will.',
  'Cut your longest story to its first sentence and its last one, and let them ask for the rest.':
    'Kürze deine längste Geschichte auf den ersten und den letzten Satz; nach dem Rest soll man fragen.',
  'Stop after each full sentence for as long as one breath takes.': 'Halte nach jedem ganzen Satz einen Atemzug lang inne.',
  'Say the main point first; speed comes by itself when you know where you are going.':
    'Sag die Hauptsache zuerst; das Tempo kommt von selbst, wenn du weißt, wohin du willst.',
  'End every answer with a question back.': 'Beende jede Antwort mit einer Gegenfrage.',
  'Add one example to each answer, so that there is something of you in it.': 'Gib jeder Antwort ein Beispiel, damit etwas von dir darin ist.',
  'Keep answering as you did here: “{line}”': 'Antworte weiter so wie hier: „{line}“',
  'Keep picking up what people tell you, as you did with “{word}”.': 'Nimm weiter auf, was man dir erzählt, so wie „{word}“.',
  'Keep asking questions like “{question}”': 'Stell weiter Fragen wie „{question}“',
  'Put your goal into words again, as you did here: “{line}”': 'Sprich dein Ziel wieder aus, so wie hier: „{line}“',
  'Send {them} a line of thanks, as you began to: “{line}”': 'Schick ein Wort des Dankes hinterher, wie du es begonnen hast: „{line}“',
  'Keep replying to what you are asked before you go on.': 'Antworte weiter auf das, was man dich fragt, bevor du weitergehst.',
  'Keep “{question}” among your questions.': 'Behalte „{question}“ unter deinen Fragen.',
  'Keep your calm between sentences; it leaves no room for fillers.': 'Behalte die Ruhe zwischen den Sätzen; sie lässt Füllwörtern keinen Raum.',
  'Keep giving {them} as much room as you take.': 'Gib weiter so viel Raum, wie du nimmst.',
  'Keep this pace; it leaves people time to think along.': 'Behalte dieses Tempo; es lässt Zeit zum Mitdenken.',
  'Keep that short pause before you reply; it leaves you time to think.': 'Behalte die kurze Pause vor der Antwort; sie lässt dir Zeit zum Denken.',
  'Say your opening line clearly at the start, so that your voice is known from the first word on.':
    'Sag am Anfang deutlich deinen ersten Satz, damit deine Stimme vom ersten Wort an bekannt ist.',
  'Sit close to the microphone, and let one person speak at a time: then the numbers can say more.':
    'Sitz nah am Mikrofon und lasst nacheinander sprechen: Dann sagen die Zahlen mehr.',
  'When Aside asks for your opening line again, say it at once: it has lost your voice.':
    'Bittet Aside noch einmal um deinen ersten Satz, sag ihn gleich: Es hat deine Stimme verloren.',
  // in short
  'Nothing was said: the transcript is empty.': 'Es wurde nichts gesagt: Die Mitschrift ist leer.',
  'You said {mine} words and {they} said {theirs} in {seconds} seconds.': 'Du sagtest {mine} Wörter und {they} {theirs}, in {seconds} Sekunden.',
  'You said {mine} words and {they} said {theirs} in about {minutes} minutes.':
    'Du sagtest {mine} Wörter und {they} {theirs}, in etwa {minutes} Minuten.',
  'You said {mine} words and {they} said {theirs}.': 'Du sagtest {mine} Wörter und {they} {theirs}.',
  'You said {mine} words {and} nobody else was heard.': 'Du sagtest {mine} Wörter, und niemand sonst war zu hören.',
  'What came up most: {words}.': 'Am häufigsten kam vor: {words}.',
  'No goal was set.': 'Es war kein Ziel gesetzt.',
  'Your goal was “{goal}”; it is still ahead of you.': 'Dein Ziel war „{goal}“; es liegt noch vor dir.',
  'Your goal was “{goal}”; the closest you came was “{line}”': 'Dein Ziel war „{goal}“; am nächsten kamst du ihm mit „{line}“',
  'Your goal was “{goal}”; no line of yours uses its words.': 'Dein Ziel war „{goal}“; kein Satz von dir nimmt seine Worte auf.',
  'Still open: {questions}': 'Noch offen: {questions}',
  'The only line was “{line}”': 'Der einzige Satz war „{line}“',
  'It began with “{first}” and ended with “{last}”': 'Es begann mit „{first}“ und endete mit „{last}“',
  'The occasion was “{context}”': 'Der Anlass war „{context}“',
  'The coach whispered nothing.': 'Der Coach flüsterte nichts.',
  'The coach whispered 1 suggestion.': 'Der Coach flüsterte einmal etwas.',
  'The coach whispered {count} suggestions.': 'Der Coach flüsterte {count}-mal etwas.',
  'More could not be told from so little.': 'Mehr ließ sich aus so wenig nicht sagen.',
  // why it ended by itself
  'This session has lasted as long as one may, so it was finished by itself. Its feedback is ready; start a new session to go on.':
    'Dieses Gespräch dauerte so lange, wie eines darf, und wurde von selbst beendet. Hier ist die Auswertung; beginne ein neues, um weiterzumachen.',
};
