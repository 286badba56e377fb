// Plays /sys/kernel/config/tsm/report of a TD on a mount of its own.
//
//   fuse-tsm ANSWERS MOUNT
//
// The quote for 64 bytes of report data is the file ANSWERS/<128 hex digits>.quote; without it the "VMM" fails the request.
// The mount holds one file that configfs has not: `control`. Each write to it is one order:
//
//   clear                    forget all other orders; whoever hangs goes on
//   provider NAME            what `provider` says; `-`: no driver is there
//   fail WHERE ERRNO TIMES   WHERE: mkdir provider generation inblob outblob
//   delay MS                 every quote takes so long; the driver makes one at a time
//   empty TIMES              the VMM fails, and the kernel is older than 7.1: outblob is empty
//   lose TIMES               the driver refuses what was written to inblob, and nobody is told
//   race WHEN TIMES          another writer, of 64 bytes 0xbb: `before` the quote is made, `within` (between the length and
//                            the bytes), `after` both
//   inflight TIMES           the VMM never answers: the kernel gives up, later requests find the buffer taken until `clear`
//
// One thing differs from configfs: inblob is handed over at close(2), by whichever descriptor closes first. FUSE hears of
// the last one only after close(2) has returned.
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { INBLOB_MAX = 64, OUTBLOB_MAX = 1 << 24, NAME = 256, SHORT = 3000 };
enum { MKDIR, PROVIDER, GENERATION, INBLOB, OUTBLOB, PLACES };
static const char *const places[PLACES] = {"mkdir", "provider", "generation", "inblob", "outblob"};

struct entry {
  struct entry *next;
  char name[NAME];
  int users; // the tree, and each open file
  uint64_t write_generation, read_generation;
  uint8_t in[INBLOB_MAX];
  size_t in_len;
  uint8_t *out;
  size_t out_len;
};

// An open attribute. configfs keeps the bytes of a binary one here, between the first read and close.
struct handle {
  struct entry *entry;
  int place;
  int written, filled;
  uint8_t *bytes;
  size_t length;
};

static const char *answers;
static struct entry *entries;
// `tree` guards all of this; `driver` is held while a quote is made, as the driver's own mutex is.
static pthread_mutex_t tree = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t driver = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ordered = PTHREAD_COND_INITIALIZER;

static struct {
  char provider[64];
  struct { int error, times; } fail[PLACES];
  int delay, empty, lose, inflight, race[3];
  int taken; // the shared buffer is still the VMM's
} orders;
static uint64_t clears;
static const char *const moments[3] = {"before", "within", "after"};

static void clear(void) {
  memset(&orders, 0, sizeof orders);
  strcpy(orders.provider, "tdx_guest");
  clears++;
  pthread_cond_broadcast(&ordered);
}

static int place_of(const char *name) {
  for (int i = 0; i < PLACES; i++)
    if (!strcmp(places[i], name)) return i;
  return -1;
}

static int take(int *times) { return *times > 0 ? (*times)--, 1 : 0; }

// The scripted error of a place, if one is due.
static int failure(int place) {
  if (place != MKDIR && !strcmp(orders.provider, "-")) return -ENXIO;
  return take(&orders.fail[place].times) ? -orders.fail[place].error : 0;
}

static int order(const char *line) {
  char word[64], name[64];
  int number, times;
  if (!strcmp(line, "clear")) return clear(), 0;
  if (sscanf(line, "provider %63s", orders.provider) == 1) return 0;
  if (sscanf(line, "delay %d", &orders.delay) == 1) return 0;
  if (sscanf(line, "empty %d", &orders.empty) == 1) return 0;
  if (sscanf(line, "lose %d", &orders.lose) == 1) return 0;
  if (sscanf(line, "inflight %d", &orders.inflight) == 1) return 0;
  if (sscanf(line, "fail %63s %d %d", name, &number, &times) == 3 && place_of(name) >= 0) {
    orders.fail[place_of(name)].error = number;
    orders.fail[place_of(name)].times = times;
    return 0;
  }
  if (sscanf(line, "race %63s %d", word, &times) == 2)
    for (int i = 0; i < 3; i++)
      if (!strcmp(moments[i], word)) return orders.race[i] = times, 0;
  return -EINVAL;
}

static struct entry *find(const char *name, size_t length) {
  for (struct entry *each = entries; each; each = each->next)
    if (strlen(each->name) == length && !strncmp(each->name, name, length)) return each;
  return NULL;
}

static void release_entry(struct entry *entry) {
  if (--entry->users > 0) return;
  free(entry->out);
  free(entry);
}

// "/name" or "/name/attribute"; 0, or what the kernel would say.
static int lookup(const char *path, struct entry **entry, int *place) {
  const char *name = path + 1, *slash = strchr(name, '/');
  *entry = find(name, slash ? (size_t)(slash - name) : strlen(name));
  *place = slash ? place_of(slash + 1) : -1;
  return !*entry || (slash && *place < PROVIDER) ? -ENOENT : 0;
}

static void hand_over(struct entry *entry, const uint8_t *bytes, size_t length) {
  memcpy(entry->in, bytes, length);
  entry->in_len = length;
  entry->write_generation++;
}

static void other_writer(struct entry *entry, int moment) {
  uint8_t other[INBLOB_MAX];
  memset(other, 0xbb, sizeof other);
  if (take(&orders.race[moment])) hand_over(entry, other, sizeof other);
}

static void wait_for(int milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += (milliseconds % 1000) * 1000000L;
  if (until.tv_nsec >= 1000000000L) until.tv_sec++, until.tv_nsec -= 1000000000L;
  uint64_t before = clears;
  while (clears == before && pthread_cond_timedwait(&ordered, &tree, &until) == 0) continue;
}

// The driver: a fresh quote of what inblob holds now. `tree` is held on entry and exit.
static int generate(struct entry *entry) {
  uint64_t generation = entry->write_generation;
  if (entry->in_len != INBLOB_MAX) return -EINVAL;
  uint8_t in[INBLOB_MAX];
  memcpy(in, entry->in, sizeof in);

  pthread_mutex_unlock(&tree);
  pthread_mutex_lock(&driver);
  pthread_mutex_lock(&tree);
  int result = failure(OUTBLOB);
  if (!result && orders.taken) result = -EBUSY;
  if (!result && orders.delay) wait_for(orders.delay);
  if (!result && take(&orders.inflight)) orders.taken = 1, result = -EIO;
  pthread_mutex_unlock(&driver);
  if (result) return result;

  free(entry->out);
  entry->out = NULL;
  entry->out_len = 0;
  if (!take(&orders.empty)) {
    char path[4096];
    int end = snprintf(path, sizeof path, "%s/", answers);
    for (int i = 0; i < INBLOB_MAX; i++) end += snprintf(path + end, sizeof path - end, "%02x", in[i]);
    snprintf(path + end, sizeof path - end, ".quote");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -EIO;
    entry->out_len = (size_t)lseek(file, 0, SEEK_END);
    entry->out = malloc(entry->out_len + 1);
    ssize_t got = entry->out_len > OUTBLOB_MAX ? -2 : pread(file, entry->out, entry->out_len, 0);
    close(file);
    if (got != (ssize_t)entry->out_len) return entry->out_len = 0, got == -2 ? -EFBIG : -EIO;
  }
  entry->read_generation = generation;
  return 0;
}

// One internal read: what is cached, or a fresh quote.
static int report(struct entry *entry) {
  if (entry->write_generation == 0) return -EINVAL;
  return entry->read_generation == entry->write_generation ? 0 : generate(entry);
}

// configfs asks for the length first, then for the bytes, and keeps to the length.
static int fill(struct handle *handle) {
  struct entry *entry = handle->entry;
  other_writer(entry, 0);
  int result = report(entry);
  if (result) return result;
  size_t length = entry->out_len;
  other_writer(entry, 1);
  result = report(entry);
  if (result) return result;
  handle->bytes = malloc(length + 1);
  memset(handle->bytes, 0xee, length);
  memcpy(handle->bytes, entry->out ? entry->out : handle->bytes, entry->out_len < length ? entry->out_len : length);
  handle->length = length;
  handle->filled = 1;
  other_writer(entry, 2);
  return 0;
}

static int fs_getattr(const char *path, struct stat *stat, struct fuse_file_info *info) {
  (void)info;
  memset(stat, 0, sizeof *stat);
  stat->st_mode = S_IFDIR | 0755;
  stat->st_nlink = 2;
  if (!strcmp(path, "/")) return 0;
  if (!strcmp(path, "/control")) return stat->st_mode = S_IFREG | 0200, 0;
  struct entry *entry;
  int place;
  pthread_mutex_lock(&tree);
  int result = lookup(path, &entry, &place);
  pthread_mutex_unlock(&tree);
  // Text attributes are of one page, binary ones of no size.
  if (place >= PROVIDER) {
    stat->st_mode = S_IFREG | (place == INBLOB ? 0200 : 0444);
    stat->st_size = place == PROVIDER || place == GENERATION ? 4096 : 0;
    stat->st_nlink = 1;
  }
  return result;
}

static int fs_readdir(const char *path, void *buffer, fuse_fill_dir_t add, off_t offset, struct fuse_file_info *info,
                      enum fuse_readdir_flags flags) {
  (void)offset, (void)info, (void)flags;
  if (!strcmp(path, "/")) {
    pthread_mutex_lock(&tree);
    for (struct entry *each = entries; each; each = each->next) add(buffer, each->name, NULL, 0, 0);
    pthread_mutex_unlock(&tree);
    return 0;
  }
  for (int i = PROVIDER; i < PLACES; i++) add(buffer, places[i], NULL, 0, 0);
  return 0;
}

static int fs_mkdir(const char *path, mode_t mode) {
  (void)mode;
  if (strchr(path + 1, '/')) return -EPERM;
  pthread_mutex_lock(&tree);
  int result = !strcmp(orders.provider, "-") ? -ENXIO : failure(MKDIR);
  if (!result && find(path + 1, strlen(path + 1))) result = -EEXIST;
  if (!result) {
    struct entry *entry = calloc(1, sizeof *entry);
    snprintf(entry->name, sizeof entry->name, "%s", path + 1);
    entry->users = 1;
    entry->next = entries;
    entries = entry;
  }
  pthread_mutex_unlock(&tree);
  return result;
}

static int fs_rmdir(const char *path) {
  pthread_mutex_lock(&tree);
  struct entry *entry = find(path + 1, strlen(path + 1)), **link = &entries;
  if (entry) {
    while (*link != entry) link = &(*link)->next;
    *link = entry->next;
    release_entry(entry);
  }
  pthread_mutex_unlock(&tree);
  return entry ? 0 : -ENOENT;
}

static int fs_open(const char *path, struct fuse_file_info *info) {
  info->direct_io = 1;
  if (!strcmp(path, "/control")) return 0;
  int mode = info->flags & O_ACCMODE, place, result;
  struct entry *entry;
  pthread_mutex_lock(&tree);
  result = lookup(path, &entry, &place);
  if (!result && mode == O_RDWR && (place == INBLOB || place == OUTBLOB)) result = -ETXTBSY;
  if (!result && (mode == O_WRONLY) != (place == INBLOB)) result = -EACCES;
  if (!result) {
    struct handle *handle = calloc(1, sizeof *handle);
    handle->entry = entry;
    handle->place = place;
    entry->users++;
    info->fh = (uintptr_t)handle;
    info->nonseekable = place == INBLOB || place == OUTBLOB;
  }
  pthread_mutex_unlock(&tree);
  return result;
}

static int fs_truncate(const char *path, off_t size, struct fuse_file_info *info) {
  (void)path, (void)size, (void)info;
  return 0;
}

static int fs_write(const char *path, const char *bytes, size_t size, off_t offset, struct fuse_file_info *info) {
  struct handle *handle = (struct handle *)(uintptr_t)info->fh;
  int result;
  pthread_mutex_lock(&tree);
  if (!strcmp(path, "/control")) {
    char line[256];
    snprintf(line, sizeof line, "%.*s", (int)size, bytes);
    result = order(line);
  } else if ((result = failure(INBLOB)) == 0) {
    size_t end = (size_t)offset + size;
    if (end > INBLOB_MAX) {
      result = -EFBIG;
    } else {
      handle->bytes = realloc(handle->bytes, INBLOB_MAX);
      memcpy(handle->bytes + offset, bytes, size);
      if (end > handle->length) handle->length = end;
      handle->written = 1;
    }
  }
  pthread_mutex_unlock(&tree);
  return result ? result : (int)size;
}

static int fs_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)path;
  struct handle *handle = (struct handle *)(uintptr_t)info->fh;
  int result = 0;
  pthread_mutex_lock(&tree);
  if (!handle->filled && handle->place == OUTBLOB) {
    result = !strcmp(orders.provider, "-") ? -ENXIO : fill(handle);
  } else if (!handle->filled && (result = failure(handle->place)) == 0) {
    handle->bytes = malloc(128);
    handle->length = handle->place == PROVIDER
                         ? sprintf((char *)handle->bytes, "%s\n", orders.provider)
                         : sprintf((char *)handle->bytes, "%llu\n", (unsigned long long)handle->entry->write_generation);
    handle->filled = 1;
  }
  pthread_mutex_unlock(&tree);
  if (result) return result;
  if ((size_t)offset >= handle->length) return 0;
  size_t left = handle->length - (size_t)offset, length = left < size ? left : size;
  // Gives less than asked for, as any read may.
  if (length > SHORT) length = SHORT;
  memcpy(buffer, handle->bytes + offset, length);
  return (int)length;
}

static int fs_flush(const char *path, struct fuse_file_info *info) {
  (void)path;
  struct handle *handle = (struct handle *)(uintptr_t)info->fh;
  pthread_mutex_lock(&tree);
  if (handle && handle->written) {
    if (!take(&orders.lose)) hand_over(handle->entry, handle->bytes, handle->length);
    handle->written = 0;
  }
  pthread_mutex_unlock(&tree);
  return 0;
}

static int fs_release(const char *path, struct fuse_file_info *info) {
  (void)path;
  struct handle *handle = (struct handle *)(uintptr_t)info->fh;
  if (!handle) return 0;
  pthread_mutex_lock(&tree);
  release_entry(handle->entry);
  pthread_mutex_unlock(&tree);
  free(handle->bytes);
  free(handle);
  return 0;
}

static void *fs_init(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  // Nothing here may come from a cache; and an entry in use goes at once, not under another name.
  config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
  config->hard_remove = 1;
  return NULL;
}

static const struct fuse_operations operations = {
    .init = fs_init,
    .getattr = fs_getattr,
    .readdir = fs_readdir,
    .mkdir = fs_mkdir,
    .rmdir = fs_rmdir,
    .open = fs_open,
    .truncate = fs_truncate,
    .read = fs_read,
    .write = fs_write,
    .flush = fs_flush,
    .release = fs_release,
};

int main(int argc, char *argv[]) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s ANSWERS MOUNT\n", argv[0]);
    return 2;
  }
  // Ends, and unmounts, with the test that has started it.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  answers = argv[1];
  clear();
  char *arguments[] = {argv[0], "-f", argv[2], NULL};
  return fuse_main(3, arguments, &operations, NULL);
}
