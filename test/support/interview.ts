/** The interview of the README's recording, and of the bench: Alex is the first voice. */
export const interviewLines = [
  { voice: 'awb', text: "Hi, I'm Alex.", pauseMs: 900 },
  { voice: 'slt', text: 'Welcome Alex, it is good to see you today.', pauseMs: 800 },
  { voice: 'awb', text: 'Thank you for the invitation.', pauseMs: 800 },
  { voice: 'slt', text: 'Can you tell me about a time when you solved a hard problem?', pauseMs: 1_200 },
  { voice: 'awb', text: 'Last year the computer system of our hospital was slow, and I found the reason in two days.', pauseMs: 900 },
  { voice: 'slt', text: 'We have a small team here, and the team is about to grow.', pauseMs: 900 },
  { voice: 'awb', text: 'How many people work in the team now?', pauseMs: 900 },
  { voice: 'slt', text: 'Seven people, and Martin is leading them.', pauseMs: 4_500 },
  { voice: 'awb', text: 'I would like to meet them.', pauseMs: 900 },
  { voice: 'slt', text: 'What salary do you expect?', pauseMs: 3_000 },
  { voice: 'awb', text: 'I expect the same money as your other people with ten years of work behind them.', pauseMs: 1_500 },
] as const;
