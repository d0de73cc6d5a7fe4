"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# A page makes tens of thousands of objects that are gone with it. Looking for cycles after every 700 of them, and
# through all that was loaded at the start, takes a tenth of a worker's time (docs/performance.md).
NEW_OBJECTS = 20_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()
gc.set_threshold(NEW_OBJECTS, 20, 20)
