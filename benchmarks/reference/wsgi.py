"""The WSGI application of the reference; run as a module, it creates its tables and serves itself with waitress."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.reference.settings")
application = get_wsgi_application()


def main():
    from django.core.management import call_command
    from waitress import serve

    call_command("migrate", run_syncdb=True, verbosity=0)
    if len(sys.argv) > 1:
        port, threads = map(int, sys.argv[1:])
        serve(application, host="127.0.0.1", port=port, threads=threads)


if __name__ == "__main__":
    main()
