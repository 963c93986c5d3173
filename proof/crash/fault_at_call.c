/* A fault library. Preloaded into a process that arms it, it intercepts every call that changes the disk, also those
 * of SQLite. It does one of four things:
 *
 *   SIGKILL before the n-th such call;
 *   SIGKILL inside a commit: before the n-th fsync of SQLite's log, when its frames are written but not visible;
 *   an error of that call, which is then not made;
 *   a record of each call with its bytes, for power_loss.py, which then drops changes that no fsync made durable.
 *
 * Opening a file for creation is not counted for a fault: a kill before it leaves the same state as a kill after the
 * previous call, and its own effect is covered by the kill before the next call. It is recorded like the others.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = 0, fault_at = -1;
static int is_armed = 0, error = 0, record = -1;

/* Count from now on; the call number `at` is the fault: a kill, or the error `with` if that is not 0. */
void storyflow_arm(long at, int with) { calls = 0; fault_at = at; error = with; is_armed = 1; }
long storyflow_disarm(void) { is_armed = 0; return calls; }

/* Write every call into the open file `fd` from now on; -1 ends it. */
void storyflow_record(int fd) { record = fd; }

/* Syncs of the log, a file that ends in "-wal": SIGKILL before the one number `at`, 0 only counts them. With an error,
 * that sync fails with it, and the kill comes before the call number `after` that is made from then on. */
static long log_syncs = 0, kill_at = 0, kill_after = 0;
static int is_log_armed = 0, log_error = 0;
void storyflow_arm_log_sync(long at, int with, long after) {
    log_syncs = 0; kill_at = at; log_error = with; kill_after = after; is_log_armed = 1;
}
long storyflow_disarm_log_sync(void) { is_log_armed = 0; return log_syncs; }

/* In a server: the first sync of the log after the file that FAULT_KILL_FLAG names was made; the file goes. */
static int is_flagged(void) {
    const char *flag = getenv("FAULT_KILL_FLAG");
    return flag && !access(flag, F_OK) && !syscall(SYS_unlinkat, AT_FDCWD, flag, 0);
}

static int is_log(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && !memcmp(path + length - 4, "-wal", 4);
}

static int fails_at_log_sync(int fd) {
    int is_watching = is_log_armed || getenv("FAULT_KILL_FLAG");
    if (!is_watching || !is_log(fd)) return 0;
    long number = is_log_armed ? ++log_syncs : 0;
    int is_hit = number && number == kill_at;
    if ((is_hit && !log_error) || is_flagged()) kill(getpid(), SIGKILL);
    if (is_hit) storyflow_arm(kill_after, 0);
    return is_hit;
}

static int is_fault(void) {
    if (!is_armed || ++calls != fault_at) return 0;
    if (!error) kill(getpid(), SIGKILL);
    return 1;
}

/* The record: a line of tab-separated words, and after "write" as many bytes as the line says. */

static void put(const void *bytes, size_t count) {
    if (syscall(SYS_write, record, bytes, count) != (long)count) kill(getpid(), SIGABRT);
}

static void note(const char *format, ...) {
    char line[9000];
    va_list words;
    int error_before = errno;
    va_start(words, format);
    int count = vsnprintf(line, sizeof line, format, words);
    va_end(words);
    if (count >= (int)sizeof line) kill(getpid(), SIGABRT);
    put(line, count);
    errno = error_before;
}

static long inode_of(int fd) { struct stat found; return fstat(fd, &found) ? 0 : (long)found.st_ino; }
static long inode_at(const char *path) { struct stat found; return lstat(path, &found) ? 0 : (long)found.st_ino; }
static int is_file(int fd) { struct stat found; return !fstat(fd, &found) && S_ISREG(found.st_mode); }

static void note_write(int fd, const void *bytes, ssize_t count, off64_t at) {
    if (count < 0 || !is_file(fd)) return;
    note("write\t%ld\t%ld\t%ld\n", inode_of(fd), (long)at, (long)count);
    put(bytes, count);
}

/* Where the next write() goes. */
static off64_t position(int fd) {
    int is_appending = fcntl(fd, F_GETFL) & O_APPEND;
    struct stat found;
    if (is_appending && !fstat(fd, &found)) return found.st_size;
    return lseek64(fd, 0, SEEK_CUR);
}

static void note_open(const char *path, int flags, int fd, int was_there) {
    if (fd < 0) return;
    if ((flags & O_TMPFILE) == O_TMPFILE) note("nameless\t%ld\n", inode_of(fd));
    else if (!was_there) note("create\t%ld\t%s\n", inode_of(fd), path);
    else if (flags & O_TRUNC) note("truncate\t%ld\t0\n", inode_of(fd));
}

#define COUNTED(result, name, parameters, arguments, first, noted)         \
    result name parameters {                                              \
        static result(*real) parameters;                                  \
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);  \
        if (is_fault()) { errno = error; return FAILED_##name; }          \
        if (record < 0) return real arguments;                            \
        first;                                                            \
        result answer = real arguments;                                   \
        if (answer != -1) noted;                                          \
        return answer;                                                    \
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
#define FAILED_ftruncate -1
#define FAILED_ftruncate64 -1
#define FAILED_write -1
#define FAILED_pwrite -1
#define FAILED_pwrite64 -1

#define MOVED note("rename\t%ld\t%s\t%s\n", inode_at(to), from, to)
#define LINKED note("link\t%ld\t%s\n", inode_at(to), to)
#define MADE note("mkdir\t%ld\t%s\n", inode_at(path), path)
#define CUT note("truncate\t%ld\t%ld\n", inode_of(fd), (long)length)
#define GROWN note("extend\t%ld\t%ld\n", inode_of(fd), (long)(from + length))

COUNTED(int, rename, (const char *from, const char *to), (from, to), , MOVED)
COUNTED(int, renameat, (int d, const char *from, int e, const char *to), (d, from, e, to), , MOVED)
COUNTED(int, link, (const char *from, const char *to), (from, to), , LINKED)
COUNTED(int, linkat, (int d, const char *from, int e, const char *to, int flags), (d, from, e, to, flags), , LINKED)
COUNTED(int, symlink, (const char *to, const char *name), (to, name), , note("symlink\t%s\n", name))
COUNTED(int, unlink, (const char *path), (path), , note("remove\t%s\n", path))
COUNTED(int, unlinkat, (int d, const char *path, int flags), (d, path, flags), , note("remove\t%s\n", path))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode), , MADE)
COUNTED(int, mkdirat, (int d, const char *path, mode_t mode), (d, path, mode), , MADE)
COUNTED(int, rmdir, (const char *path), (path), , note("remove\t%s\n", path))
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode), , (void)0)
#define SYNC(name)                                                        \
    int name(int fd) {                                                    \
        static int (*real)(int);                                          \
        if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #name);          \
        if (fails_at_log_sync(fd)) { errno = log_error; return -1; }      \
        if (is_fault()) { errno = error; return -1; }                     \
        int answer = real(fd);                                            \
        if (record >= 0 && answer != -1) note("sync\t%ld\n", inode_of(fd)); \
        return answer;                                                    \
    }
SYNC(fsync)
SYNC(fdatasync)
COUNTED(int, ftruncate, (int fd, off_t length), (fd, length), , CUT)
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length), , CUT)
COUNTED(int, posix_fallocate, (int fd, off_t from, off_t length), (fd, from, length), , GROWN)
COUNTED(int, posix_fallocate64, (int fd, off64_t from, off64_t length), (fd, from, length), , GROWN)
COUNTED(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count), off64_t at = position(fd),
        note_write(fd, bytes, answer, at))
COUNTED(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at), ,
        note_write(fd, bytes, answer, at))
COUNTED(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at), ,
        note_write(fd, bytes, answer, at))

#define OPENED(name, parameters, arguments)                               \
    int name parameters {                                                 \
        static int(*real) parameters;                                     \
        if (!real) real = (int(*) parameters)dlsym(RTLD_NEXT, #name);     \
        mode_t mode = 0;                                                  \
        if (flags & (O_CREAT | O_TMPFILE)) {                              \
            va_list rest;                                                 \
            va_start(rest, flags);                                        \
            mode = va_arg(rest, mode_t);                                  \
            va_end(rest);                                                 \
        }                                                                 \
        if (record < 0) return real arguments;                            \
        int was_there = !(flags & O_CREAT) || inode_at(path) != 0;        \
        int fd = real arguments;                                          \
        note_open(path, flags, fd, was_there);                            \
        return fd;                                                        \
    }

OPENED(open, (const char *path, int flags, ...), (path, flags, mode))
OPENED(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENED(openat, (int d, const char *path, int flags, ...), (d, path, flags, mode))
OPENED(openat64, (int d, const char *path, int flags, ...), (d, path, flags, mode))
