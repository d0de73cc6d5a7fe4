"""Sentences from before the checker was run on them: plans, headings, tables, code, links and quotations."""

ENGLISH = {
    "person": [
        "[The admin misread the graph](https://example.org/graph) and scaled down.",
        "The deploy failed to start because Nok mistyped the tag.",
        "A junior developer accidentally merged the wrong branch.",
        "The outage was her fault.",
    ],
    "counterfactual": [
        "The runbook says `stop`, but the operator should have used `drain`.",
        "Users should have seen the maintenance page.",
        "We could have avoided the second outage by draining the queue first.",
    ],
    "judgement": [
        "It was a silly oversight in the checklist.",
        "The engineers were not paying attention to the lag.",
    ],
    "human_error": ["**Root cause:** manual error during the failover"],
    "omission": [
        "| 14:10 | The DBA forgot to re-enable the job |",
        "Users lost data because support did not bother to escalate.",
        "Nobody on the team was monitoring the dashboard.",
    ],
    "question": [
        "## Why did the on-call engineer restart it?",
        "- [ ] Ask who approved the change",
    ],
}
ENGLISH_FINE = [
    "The deploy failed to start.",
    "From next week the pipeline should have a dry run.",
    "We should add an alert on the queue.",
    "The ticket is called `engineer forgot to renew`.",
    "> The operator should have checked the volume.",
    "See [the thread](https://example.org/t/who-broke-it).",
    "By Friday every service should have an owner.",
    "The lock could have been taken by any worker, so the order is undefined.",
    "The health check failed to notice the stale lease.",
    "Who is on call next week?",
    "Why did the engineers' laptops lose the VPN?",
    "The user forgot-password flow was down.",
    "| Owner | Ann | Restore test each week |",
    "Ann noticed the lag at 14:05 and paged the DBA.",
    "No one lost data.",
]

THAI = {
    "person": [
        "นักพัฒนาพิมพ์ชื่อ branch ผิด",
        "ระบบล่มเพราะแอดมิน",
        "เจ้าหน้าที่เผลอลบตารางคำสั่งซื้อ",
    ],
    "counterfactual": [
        "ผู้ดูแลระบบควรจะใช้คำสั่ง `drain` แทน",
        "ถ้ามีการแจ้งเตือน เหตุการณ์นี้ก็คงไม่เกิด",
        "น่าจะทดสอบก่อนปล่อยขึ้น production",
        "ไม่ควรปล่อยขึ้นระบบจริงตั้งแต่แรก",
    ],
    "judgement": [
        "ทีมขาดความรอบคอบตอนตรวจโค้ด",
        "วิศวกรละเลยคำเตือนเรื่องดิสก์",
        "เหตุนี้เป็นเพราะความสะเพร่าของทีม",
    ],
    "human_error": ["**สาเหตุ:** ความผิดพลาดของผู้ปฏิบัติงาน"],
    "omission": [
        "| 14:10 | แอดมินลืมเปิดงานสำรองข้อมูล |",
        "ไม่มีใครแจ้งลูกค้า",
    ],
    "question": [
        "## ทำไมวิศวกรถึงรีสตาร์ต",
        "ใครอนุมัติการเปลี่ยนแปลงนี้",
    ],
}
THAI_FINE = [
    "deploy เริ่มทำงานไม่สำเร็จ",
    "สัปดาห์หน้าทีมควรจะทดสอบการกู้คืน",
    "เราควรเพิ่มการแจ้งเตือนเมื่อคิวยาว",
    "`ควรจะ` เป็นชื่อ branch",
    "> ทำไมวิศวกรไม่ตรวจสอบ",
    "ดู [บันทึก](https://example.org/ลืม)",
    "# ใครรับผิดชอบงานถัดไป",
    "ผู้ใช้ลืมรหัสผ่านได้รับอีเมลภายในหนึ่งนาที",
    "ไม่มีใครได้รับผลกระทบ",
    "ถ้าดิสก์เต็ม ระบบจะส่งการแจ้งเตือน",
    "ทำไม log ถึงไม่ถูกหมุนเวียน",
    "เก็บคนละเครื่องกับฐานข้อมูลหลัก",
    "วิศวกรแก้ไขค่าที่ตั้งไว้ผิดเสร็จเวลา 15:02",
    "ควรจะมีแผนสำรองในไตรมาสหน้า",
    "พนักงานพบข้อผิดพลาดใน log เวลา 13:40",
]
