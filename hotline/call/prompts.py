"""Every sentence that a phone speaks: name -> English message id with {values}. Plain data; the edge translates.

Dutch stands in hotline/locale. Keys, lengths and order of the words are part of the design: a menu names the key after
the choice only where the ear needs it, and the greeting stays under 60 characters in Dutch (four seconds of speech).
"""

from __future__ import annotations

PROMPTS: dict[str, str] = {
    # The caller
    "service": "Duty line.",
    "notice": "{notice}",
    "urgent": "Urgent.",
    "greet": "Duty line. Press 1 for {area}. Otherwise press 2.",
    "greet_notice": "Press 1 for {area}. Otherwise press 2.",
    "main": "Duty line. You are calling for {organisation}. Key in your code, or wait.",
    "ident": "Duty line. Key in your code of 8 digits.",
    "ident_again": "That code is not right. Try once more.",
    "stranger": "This line is for professionals. Need help? Call the Juridisch Loket, 0800 8020. "
    "Are you a professional? Press 1 and a coordinator will call.",
    "region": "Which region?",
    "region_items": "{regions}",
    "menu": "Duty line. Choose an area.",
    "menu_again": "Choose an area.",
    "menu_items": "{items} 9 more.",
    "menu_items_last": "{items} 9 I don't know.",
    "unknown_key": "I don't know that key.",
    "no_choice": "I heard no choice.",
    "closed": "Duty line. We are closed now. {opening} we open again. Shall we call you then? Press 1.",
    "closed_notice": "We are closed now. {opening} we open again. Shall we call you then? Press 1.",
    "next": "No answer yet. I am trying the next.",
    "wider": "I am now looking in the whole country.",
    "later": "The lawyer will call you at {at}. All right? Press 1. Rather search on now? Press 2.",
    "later_urgent": "Search on now? Press 2. Or the lawyer will call you at {at}. All right? Press 1.",
    "later_only": "The lawyer will call you at {at}. All right? Press 1.",
    "other_area": "The lawyer thinks it is another area.",
    "choice": "Nobody is free now. We will call you at {at}. All right? Press 1. "
    "Rather {other}? Press 2. No longer needed? Press 3.",
    "check": "Did you speak with the lawyer? 1 yes. 2 no.",
    "outcome": "The conversation is over. Were you helped? 1 yes. 2 a little. 3 no.",
    "thanks": "Thank you. Goodbye.",
    "agreed": "Agreed. You will get a text message. Goodbye.",
    "signpost": "{signpost}",
    "fault": "There is a fault. I am putting you through.",
    "fault_later": "It does not work now. We will call you back.",
    "moment": "One moment.",
    "sorry": "Sorry, I no longer know this call. Please call again.",
    # The lawyer
    "whisper": "Duty {area}, {region}. Press 1.",
    "whisper_urgent": "Duty {area}, {region}, urgent. Press 1.",
    "whisper_else": "Not now? Press 2, 3, 4 or 5. Explanation? Press 0.",
    "whisper_explain": "2: in ten minutes. 3: not before my next duty. 4: I have a conflict. 5: not my area.",
    "whisper_unknown": "I don't know that key. Press 1 to answer.",
    "connected": "Connected.",
    "lost_taken": "The caller has been helped already.",
    "lost_gone": "The caller has hung up. You will get a text message.",
    "key_later": "Good. We will call you at {at}.",
    "key_slot": "Good. You are paused until {at}.",
    "key_conflict": "Good. You and your office will not get this question.",
    "key_wrong_area": "Good. The caller chooses again.",
    "lawyer_fault": "It does not work. You will get a text message.",
    # A callback
    "callback": "Calling back, duty {area}, {region}. Press 1 and I will call the first-line worker.",
    "callback_now": "I am calling now.",
    "callback_worker": "Duty line. The lawyer is on the line. Press 1.",
    "callback_worker_lost": "The lawyer has dropped out. We will call you back.",
    "callback_retry": "No answer. Once more at {at}? Press 1. Giving it back? Press 2.",
    "callback_retried": "Good. We will try again at {at}.",
    "callback_given_back": "Good. Another lawyer will call.",
    "callback_over": "This is no longer needed. Thank you.",
    # A call without a question
    "proof_test": "Duty line. This is a test call. Press 1, then we know that we can reach you.",
    "proof_test_done": "Thank you. We can reach you on this number. Goodbye.",
    "proof_code": "Duty line. Press 1 and you hear your code.",
    "proof_code_done": "Your code is {code}. Once more: {code}. Goodbye.",
    "proof_sick": "Duty line. You reported sick. Is that right? Press 1. Was it not you, or a mistake? Press 2.",
    "proof_sick_done": "Good. We are asking others to take over. Get well soon.",
    "proof_sick_denied": "Good. Your duty stays yours.",
    "lawyer_outcome": "The conversation is over. 1 answered. 2 follow-up. 3 hand over. 4 other area. 9 later.",
}
