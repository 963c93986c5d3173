/* Preloaded into a process that arms it: SIGKILL before the n-th call that changes the disk, SQLite's own included.
 *
 * Opening a file for creation is not counted: a kill before it leaves what a kill after the call before leaves, and
 * what it leaves itself is seen by the kill before the next call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0, kill_at = -1;
static int is_armed = 0;

/* Count from now on; at 0 only count. */
void storyflow_arm(long at) { calls = 0; kill_at = at; is_armed = 1; }
long storyflow_disarm(void) { is_armed = 0; return calls; }

static void tick(void) {
    if (is_armed && ++calls == kill_at) kill(getpid(), SIGKILL);
}

#define COUNTED(result, name, parameters, arguments)                       \
    result name parameters {                                              \
        static result(*real) parameters;                                  \
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);  \
        tick();                                                           \
        return real arguments;                                            \
    }

COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, renameat, (int d, const char *from, int e, const char *to), (d, from, e, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, linkat, (int d, const char *from, int e, const char *to, int flags), (d, from, e, to, flags))
COUNTED(int, symlink, (const char *to, const char *name), (to, name))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, unlinkat, (int d, const char *path, int flags), (d, path, flags))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, mkdirat, (int d, const char *path, mode_t mode), (d, path, mode))
COUNTED(int, rmdir, (const char *path), (path))
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, ftruncate, (int fd, off_t length), (fd, length))
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length))
COUNTED(int, posix_fallocate, (int fd, off_t from, off_t length), (fd, from, length))
COUNTED(int, posix_fallocate64, (int fd, off64_t from, off64_t length), (fd, from, length))
COUNTED(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
COUNTED(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
