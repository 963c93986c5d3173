#!/usr/bin/env python
"""Django's own commands (`manage.py test api`, `manage.py migrate`); everyday use is the `storyflow` command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    execute_from_command_line(sys.argv)
