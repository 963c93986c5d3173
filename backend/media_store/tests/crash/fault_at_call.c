/* Preloaded into a process that arms it: SIGKILL before the n-th call that changes the disk, SQLite's own included, or
 * that call failing with an error instead of being made.
 *
 * Opening a file for creation is not counted: a kill before it leaves what a kill after the call before leaves, and
 * what it leaves itself is seen by the kill before the next call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0, fault_at = -1;
static int is_armed = 0, error = 0;

/* Count from now on; the call number `at` is the fault: a kill, or the error `with` if that is not 0. */
void storyflow_arm(long at, int with) { calls = 0; fault_at = at; error = with; is_armed = 1; }
long storyflow_disarm(void) { is_armed = 0; return calls; }

static int is_fault(void) {
    if (!is_armed || ++calls != fault_at) return 0;
    if (!error) kill(getpid(), SIGKILL);
    return 1;
}

#define COUNTED(result, name, parameters, arguments)                       \
    result name parameters {                                              \
        static result(*real) parameters;                                  \
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);  \
        if (is_fault()) { errno = error; return FAILED_##name; }          \
        return real arguments;                                            \
    }

/* All answer -1 and set errno, but for the two that answer the error itself. */
#define FAILED_posix_fallocate error
#define FAILED_posix_fallocate64 error
#define FAILED_rename -1
#define FAILED_renameat -1
#define FAILED_link -1
#define FAILED_linkat -1
#define FAILED_symlink -1
#define FAILED_unlink -1
#define FAILED_unlinkat -1
#define FAILED_mkdir -1
#define FAILED_mkdirat -1
#define FAILED_rmdir -1
#define FAILED_fchmod -1
#define FAILED_fsync -1
#define FAILED_fdatasync -1
#define FAILED_ftruncate -1
#define FAILED_ftruncate64 -1
#define FAILED_write -1
#define FAILED_pwrite -1
#define FAILED_pwrite64 -1

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
