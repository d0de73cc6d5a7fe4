"""What large installations are filled with: short texts in English and Thai."""

PARTS = ("checkout", "payments", "search", "login", "catalogue", "orders", "mail", "queue", "gateway", "reports")
SYMPTOMS = (
    "errors above 5 %",
    "slow for everyone",
    "no answer from the primary",
    "disk full on the replica",
    "ล่มทั้งระบบ",
    "certificate expired",
    "queue grows without end",
    "ข้อมูลหายบางส่วน",
    "timeouts towards the database",
    "deploy rolled back",
)
WORDS = ("kafka", "postgres", "redis", "dns", "tls", "deploy", "network", "billing", "สำรองข้อมูล", "capacity")
LINES = (
    "The error rate rose within a minute of the deployment and stayed there.",
    "Restarting `node-3` did not help; the connections stay at the limit of **500**.",
    "ระบบชำระเงินตอบช้ามากตั้งแต่เวลา 14:00 น. ลูกค้าบางส่วนชำระเงินไม่ได้",
    "Rolled back to the version of yesterday, and the graphs went down at once.",
    "The replica lags behind by twelve minutes; writes are stopped until it has caught up.",
    "Asked the provider; they see packet loss between two of their zones.",
    "กู้คืนข้อมูลจากสำรองล่าสุดสำเร็จ ตรวจสอบจำนวนแถวแล้วตรงกัน",
    "The alert came eleven minutes late, since its threshold was an average of an hour.",
    "Customers were told on the status page, with the next news in half an hour.",
    "Traffic was moved to the other region; the queue drains at 4,000 messages a second.",
    "The disk was full of old logs, since nothing rotated them after the move.",
    "A certificate that nobody owned had expired; a new one was put in place by hand.",
)
