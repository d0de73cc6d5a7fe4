"""What the rules of wording say, marked for translation: their file is data and cannot be."""

from django.utils.translation import gettext_noop as _

# The why of each rule and what to write instead, in the order of the file; Thai ones can be said in English, too.
ADVICE: tuple[str, ...] = (
    _(
        "“Should have” compares with a past that did not happen and judges it with what is known only now; "
        "it does not say why what was done made sense then."
    ),
    _(
        "Say what was done, and what was known or shown at that time: “The change went out after the unit "
        "tests; no test covered a full disk.” What is wanted from now on is an action item."
    ),
    _(
        "“Could have” tells of a past that did not happen. It hides what people had to go by, and what in "
        "the system would make it likely next time."
    ),
    _(
        "Say what was tried and what each step was based on. Turn the wish into an action item: “Alert when "
        "the lag of the replica exceeds 30 s.”"
    ),
    _("What “would have” happened cannot be checked, and it turns the reader away from what did happen."),
    _(
        "Say what happened and what was missing: “No alert watched the number of clients.” Put the remedy "
        "among the action items."
    ),
    _("It imagines another past, which nobody can act on."),
    _("Say how it went, and what made that the obvious thing to do at the time."),
    _(
        "“Human error” is where an explanation ends too early: people err every day, and most days nothing "
        "breaks. What made this slip easy, and what let it through?"
    ),
    _(
        "Describe the situation: “Both accounts have the same name in the console, and the command asks for "
        "no confirmation.”"
    ),
    _(
        "“Failed to” measures a person against what nobody may have known to be needed. It says what did not "
        "happen, and nothing of what did."
    ),
    _(
        "Say what people did and what they saw: “The page went to a phone that was switched off; the "
        "escalation waits 30 minutes.”"
    ),
    _("It counts what people left undone. Why that was not called for, or not possible, is what can be changed."),
    _(
        "Say what would have shown it to them, and that it was not there: “No step of the runbook mentions "
        "the second replica.”"
    ),
    _(
        "Forgetting is normal. A process that works only as long as nobody forgets has a gap, and that gap "
        "is what to write about."
    ),
    _(
        "Name what has to be remembered, and what could remember it: “The flag is set by hand in two places, "
        "and nothing compares them.”"
    ),
    _(
        "A person as the subject of what went wrong ends the search: replace the person, and the system "
        "would do the same again."
    ),
    _(
        "Make the system the subject, and ask what made the step reasonable: “The console offers both "
        "volumes under the same name; the command ran against production.”"
    ),
    _("Whose fault it was helps nobody the next time. What led there does."),
    _("Describe the step and its surroundings: “The migration was run by hand, from notes of an older version.”"),
    _("The word passes judgement on people. Whoever reads it will say less the next time, and the cause stays."),
    _(
        "Leave the word out and say what was done, and what was seen at that moment: “The command was run on "
        "the primary; both prompts look alike.”"
    ),
    _("To ask people to be more careful blames in advance, and does not last: attention runs out, a safeguard stays."),
    _(
        "Ask how the system could make it easy: a check in the pipeline, a question before the command, a "
        "default that is safe."
    ),
    _("“Why” put to a person asks for a defence. “What” and “how” ask for a description."),
    _("Ask “What did the dashboard show when the decision was made?” or “How did this step come to be done by hand?”"),
    _("“Who” looks for somebody to blame; the answer changes nothing about the next time."),
    _("Ask “How did the change reach production?” or “What let it through?”"),
    _("คำนี้เทียบกับอดีตที่ไม่ได้เกิดขึ้น และตัดสินด้วยสิ่งที่เพิ่งรู้ในภายหลัง โดยไม่บอกว่าตอนนั้นเหตุใดสิ่งที่ทำไปจึงดูสมเหตุสมผล"),
    _(
        "เขียนว่าทำอะไรไป และในเวลานั้นเห็นหรือรู้อะไร เช่น “ปล่อยการเปลี่ยนแปลงหลังผ่าน unit test "
        "ซึ่งยังไม่มีชุดทดสอบกรณีดิสก์เต็ม” สิ่งที่อยากให้มีต่อไปให้เขียนเป็น action item"
    ),
    _("ประโยคนี้เล่าอดีตอีกแบบหนึ่งที่ไม่ได้เกิดขึ้น ซึ่งไม่มีใครลงมือทำอะไรกับมันได้"),
    _("เล่าว่าเหตุการณ์ดำเนินไปอย่างไร และอะไรทำให้การกระทำนั้นดูเหมาะสมในเวลานั้น"),
    _("“ความผิดพลาดของมนุษย์” คือจุดที่หยุดค้นหาสาเหตุเร็วเกินไป คนพลาดได้ทุกวันโดยที่ระบบไม่ล่ม อะไรทำให้พลาดได้ง่าย และอะไรปล่อยให้มันผ่านไป"),
    _("อธิบายสถานการณ์ เช่น “สองบัญชีใช้ชื่อเดียวกันในหน้าจอ และคำสั่งไม่ถามยืนยันก่อนทำงาน”"),
    _("การลืมเป็นเรื่องปกติ กระบวนการที่จะสำเร็จได้ก็ต่อเมื่อไม่มีใครลืมคือช่องว่างที่ควรเขียนถึง"),
    _("เขียนว่าต้องจำอะไร และอะไรช่วยจำแทนได้ เช่น “ต้องตั้งค่านี้ด้วยมือสองแห่ง และไม่มีอะไรตรวจว่าตรงกัน”"),
    _("ประโยคนี้นับสิ่งที่คนไม่ได้ทำ แต่สิ่งที่เปลี่ยนได้คือเหตุที่ไม่มีอะไรบอกให้ทำ"),
    _("เขียนว่าอะไรควรแสดงให้เห็นแต่ไม่มี เช่น “ไม่มีการแจ้งเตือนเมื่อ replica ตามไม่ทัน”"),
    _("เมื่อคนเป็นประธานของสิ่งที่ผิดพลาด การค้นหาจะหยุดตรงนั้น เปลี่ยนคนแล้วระบบก็ยังทำแบบเดิม"),
    _("ให้ระบบเป็นประธานของประโยค เช่น “หน้าจอแสดงสอง volume ด้วยชื่อเดียวกัน คำสั่งจึงทำงานกับ production”"),
    _("คำนี้ตัดสินคน คนที่อ่านจะเล่าน้อยลงในครั้งหน้า และสาเหตุยังอยู่ที่เดิม"),
    _("ตัดคำตัดสินออก แล้วบอกว่าทำอะไรไปและเห็นอะไรในขณะนั้น เช่น “คำสั่งทำงานบนเครื่องหลัก เพราะ prompt ของทั้งสองเครื่องเหมือนกัน”"),
    _("คำถาม “ทำไม” ที่ถามถึงคนเรียกร้องคำแก้ตัว ส่วน “อะไร” และ “อย่างไร” ชวนให้เล่า"),
    _("ถามว่า “ตอนตัดสินใจ หน้าจอแสดงอะไรอยู่” หรือ “ขั้นตอนนี้กลายเป็นงานทำมือได้อย่างไร”"),
    _("“ใคร” มองหาคนที่จะโทษ คำตอบไม่ได้เปลี่ยนอะไรในครั้งหน้า"),
    _("ถามว่า “การเปลี่ยนแปลงนี้ไปถึง production ได้อย่างไร” หรือ “อะไรปล่อยให้มันผ่านไป”"),
)
