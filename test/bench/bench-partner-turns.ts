// Where a stroke stands, a person would know what is wanted though the rest is missing; where none stands, only at the end.
// All of it was judged by hand before it was measured.

/** Questions as people ask them across a table. */
const atLength = `
So to start with, could you take me through | your career up to this point?
What was it that made you apply | for a job in our company?
Can you think of a situation in which you disagreed | with somebody you were working for?
How do you usually go about planning | a week with too much to do in it?
What do you consider the biggest success | of your last three years?
And is there anything you would do differently | if you could start that project again?
How much time would you need before | you could start with us?
What kind of salary did you have in mind | for a position like this one?
Have you ever had to tell a customer something | they really did not want to hear?
Tell me about a decision you made | that turned out to be wrong.
Where would you like to be in your career | five years from now?
What would you want to know | about the team before you decide?
Would you be willing to travel | for about a third of your time?
How did the people around you react | when you told them about the delay?
What tools did you use for the data | in that last project of yours?
What is the lowest price you could offer | us for two hundred of them?
Could you deliver the first half | of the order before the end of the month?
Why should we pay more for yours | than for the one we have now?
What happens to our discount if | we only take one hundred chairs?
How flexible are you with the terms | of payment for a new customer?
Who else in your company has to agree | before we can sign this?
What sort of guarantee do you give | on repairs in the first two years?
Is there anything you can do about the delivery costs | for an island like ours?
How satisfied are you yourself with | the way the last quarter went?
What do you need from me | to get this finished by Friday?
Can we talk about why the report was late | three times in a row this spring?
What would have to change for you | to stay with us another year?
I have been looking at the numbers again. What do you think went wrong | in the second half of the year?
We were quite surprised by your letter. What exactly are you hoping for | from this conversation today?
That sounds lovely. And what do you like most about living | in such a small town?
How did you end up in this part | of the country in the first place?
What do you usually do on a weekend | when nobody wants anything from you?
Have you been to this restaurant before | or is it your first time here?
What was the best trip you ever took | with somebody from your family?
How long have you had this pain | in your shoulder and where exactly is it?
Are you taking any medicine at the moment | that I should know about?
When would you be able to move in | if we agreed on everything today?
What do you do for a living | and how long have you been there?
How many people would be living in the flat | besides you and the little one?
`;

/** More of them, written when the limits of thinking ahead stood; after a first look at them (40 % ready) two of the limits were loosened. */
const heldBack = `
Before we go on, would you explain to me how your team decides | what to build next?
What is the one thing that you would like to change | about the way you work today?
Do you remember a moment when a project got out of hand | and you had to step in?
How would you describe your relationship with | the people who report to you?
What made you decide to leave the hospital | after such a long time?
If we offered you the job today, when could you begin | to work with us?
Which of the three offers did you like best | when you saw them last week?
Can you give me a rough idea of the cost | for a house of that size?
Would it help if we paid | half of it in advance?
How sure are you that the parts will be here | before the first of May?
Are there any other customers in our town | that we could talk to?
What would happen to the warranty | if we installed it ourselves?
Where did you learn to cook | like that in so little time?
What do your children think about moving | to another country so soon?
How long have the two of you known | each other by now?
Have you ever thought about teaching | what you know to younger people?
Okay, let us turn to money. What would you need to earn | to feel well paid here?
I read your report on the train. Which of these numbers worries you most | when you look at next year?
Is the room still free for | the second week of August?
Does the pain get worse when you climb stairs | or carry something heavy?
How did your parents react to the news | that you were moving abroad?
What kind of support do you expect from us | during your first three months?
Could we perhaps meet once more on Thursday | to go through the contract together?
Why do you think so many people left | the department in the last year?
Tell us about the last book you read | that changed how you think about work.
`;

/** Written and judged before anything was measured with them; nothing was chosen by them. */
const unseen = `
What would you say was the hardest part | of moving to a new city?
Could you tell us a bit more about the team | you were leading in Berlin?
How do you deal with people | who never answer their mails?
Do you have any experience with contracts | in the public sector?
When did you first notice that | something was wrong with the knee?
Have you had any trouble sleeping | since you started the new pills?
What made you choose our school | over the other one in town?
How would you feel about working | two evenings a week until Christmas?
Is there a chance that you could lower | the rent for the first three months?
What are you going to do with the garden | once the children have moved out?
How quickly could your people fix it | if the machine stopped on a Sunday?
Who would be our contact at your place | when something goes wrong?
What did you learn from the project | that did not work out?
Would you mind telling me why you left | your last flat so suddenly?
Which part of the plan are you least sure about | at this point in time?
What would your last boss tell me about you | if I called her tomorrow?
Can you walk us through the numbers | on the second page of your offer?
How much are you spending on heating | in a normal winter here?
Are there any allergies in your family | that the kitchen should know of?
So what exactly would change for our customers | from the first of January?
Thank you for the tour. How many people work | in this building on a normal day?
I have two more questions. Why did the sales drop | so much in the third quarter?
What was going through your mind | when they called your name?
Do you think we should tell the others | before the meeting or after it?
How do you keep up with everything | that is happening in your field?
`;

/** Short ones, written and judged in the same way. */
const unseenShort = `
How old is the house?
What did they say | about it?
Can you start on Monday?
That is more than we wanted to pay.
Do you cook | at all?
Who told you that?
We could meet halfway, | I think.
And what happened | then?
Are you free on Friday night?
Tell me about your family.
How many people | did you lead?
so when would it be delivered
I am not sure that this works for us.
what would that cost us per month
Do you still see | your old colleagues?
Right. And who pays | for the repairs?
Have you ever been | to Scotland?
could you send me the numbers | again
Is that your final offer?
what do you think of the new manager
`;

/** The partner's lines of our labelled conversations that have four words or more, and the short questions that the rules are tested with. */
const inShort = `
Hi. I like your jacket.
Long. I teach at a school and we had a fire alarm.
Music, mostly. Do you play | anything?
Badly is fine. What music do you | like?
Hi Alex, good to meet you. Tell me about yourself.
Why did you leave?
What was the hardest | week?
And what would you like to earn?
Do you have any questions | for us?
So you want forty chairs, | right?
The price is twenty-five each.
Well, that would be hard.
In advance? Let me think.
so what do you expect to earn
okay do you have experience | with ovens
tell me about the ovens
we can talk about the price
Can you tell me about a time when | you failed?
Why do you want to leave | your present company?
What salary | do you expect in your first year?
I see. How would your colleagues describe | your work?
Thanks for coming in today. Where do you want to be in | five years?
Walk me through a project | that you are proud of.
We are a small team and everybody does everything. Would you like | that?
tell me a little bit about yourself
So, walk me through your background.
can you give me an example of | a conflict with a colleague
have you ever managed | a remote team
What are your salary | expectations?
great we were thinking about the launch what would you charge
can you do any better | on the price
is there any room on | the rent
what would you say is your greatest weakness
why did you leave | your last job
what made you move to | Lisbon
how long is your notice period
do you want coffee or tea
do you prefer remote or on site
how do you handle difficult | customers
are you familiar with the delivery terms
what is your experience with | large distributed databases
where do you see yourself in | five years
how soon could you start
So, how do you think the year | went?
how did the migration | go
how are you going to reach | the target
And what number are you thinking | of?
Is there any flexibility on | the twelve percent?
What about you, are you looking for something serious or just seeing what happens?
what do you want to do in two | or three years
how much were you thinking of
how would you reduce the cost | of our cloud
How do you manage a budget | of that size?
what would you do to cut our costs
What are you willing to pay?
Could you briefly summarize your research | for somebody outside your field?
can you describe the new process | to us
`;

export type PartnerTurn = {
  readonly words: readonly string[] /** So many words are enough to know what is wanted. */;
  readonly clear: number;
  readonly wordMs: number;
};

const turnsOf = (written: string): PartnerTurn[] =>
  written
    .trim()
    .split('\n')
    .map((line, index) => {
      const [before, after = ''] = line.split(' | ');
      const words = `${before} ${after}`.trim().split(' ');
      return { words, clear: before!.split(' ').length, wordMs: [300, 340, 380, 420, 460][index % 5]! };
    });

export const longQuestions = turnsOf(atLength);
export const heldBackQuestions = turnsOf(heldBack);
export const shortTurns = turnsOf(inShort);
export const unseenQuestions = turnsOf(unseen);
export const unseenShortTurns = turnsOf(unseenShort);
