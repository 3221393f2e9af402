"""The portal for gunicorn: environment -> Settings -> Services -> app. Commands come with it: `flask --help`."""

from portal import cli
from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from portal.web import request_log

request_log.configure()
app = create_app(Services(Settings.from_environment()))
cli.register(app)
