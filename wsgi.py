"""The portal for gunicorn: environment -> Settings -> Services -> app. Commands come with it: `flask --help`."""

import gc
import sys

gc.disable()  # nothing that loading makes is garbage, and looking for it takes an eighth of the time to start

from portal.app import create_app
from portal.commands import cli
from portal.config import SettingError, Settings
from portal.services import Services
from portal.web import request_log

request_log.configure()
try:
    app = create_app(Services(Settings.from_environment()))
except SettingError as error:
    sys.exit(str(error))
cli.register(app)
gc.freeze()  # nor will it ever be
gc.enable()
