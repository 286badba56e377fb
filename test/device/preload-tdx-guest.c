// LD_PRELOAD: plays the TDX guest device to whoever opens it. One generation at a time, as told in the file
// TDX_STAND_IN_ORDERS, which is read again at each call; counts start over when it changes. Its lines:
//
//   generation NAME        a lineage, named as in src/uapi/ioctls.ts; its device node is there, all others are not
//   fail WHERE ERRNO TIMES WHERE: open report quote
//   delay MS               a quote takes so long
//   inflight               a quote takes until the orders change
//   status HEX             what the VMM writes to status; with anything but 0, out_len stays 0
//   out_len N              what the VMM writes to out_len
//
// TDREPORTs and quotes are files in TDX_STAND_IN_ANSWERS, named by the report data: HEX.report, HEX.quote, and HEX.reply for
// requests that are messages of the QGS. Like the drivers, it serves one quote at a time; unlike them it does not make
// others wait, but fails them with EBUSY: a transport that sends a second one is found out.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "kernel.h"

enum { QUOTE_MAX = 16384, RFC_QUOTE_SIZE = 8192, FRAME = 28, DESCRIPTORS = 4096 };
enum { OPEN, REPORT, QUOTE, PLACES };
static const char *const places[PLACES] = {"open", "report", "quote"};

enum report_style { NO_REPORT, INLINE, POINTERS, IN_PLACE };
enum quote_style { NO_QUOTE, REQUEST, BARE };

static const struct generation {
  const char *name, *device;
  enum report_style report_style;
  unsigned long report;
  enum quote_style quote_style;
  unsigned long quote;
} generations[] = {
    {"mainline", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, NO_QUOTE, 0},
    {"series-v2", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST, SERIES_V2_TDX_CMD_GET_QUOTE},
    {"series-v3", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST, SERIES_V3_TDX_CMD_GET_QUOTE},
    {"go-tdx-guest", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST, GO_TDX_GUEST_IocTdxGetQuote},
    {"td-partitioning", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST,
     TD_PARTITIONING_TDX_CMD_GET_QUOTE},
    {"anolis", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST, ANOLIS_TDX_CMD_GET_QUOTE},
    {"intel-tdx", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, REQUEST, INTEL_TDX_TDX_CMD_GET_QUOTE},
    {"ohcl", "/dev/tdx_guest", INLINE, MAINLINE_TDX_CMD_GET_REPORT0, NO_QUOTE, 0},
    {"dcui-tdx", "/dev/tdx-guest", INLINE, DCUI_TDX_TDX_CMD_GET_REPORT, NO_QUOTE, 0},
    {"out-of-tree-2022", "/dev/tdx-guest", POINTERS, OUT_OF_TREE_2022_TDX_CMD_GET_REPORT, REQUEST,
     OUT_OF_TREE_2022_TDX_CMD_GET_QUOTE},
    {"dcap-1.14", "/dev/tdx-attest", IN_PLACE, DCAP_1_14_TDX_CMD_GET_TDREPORT, REQUEST, DCAP_1_14_TDX_CMD_GEN_QUOTE},
    {"rfc-2021", "/dev/tdx-attest", IN_PLACE, RFC_2021_TDX_CMD_GET_TDREPORT, BARE, RFC_2021_TDX_CMD_GEN_QUOTE},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[4096]; // the orders, as last read
static struct {
  const struct generation *generation;
  struct { int error, times; } fail[PLACES];
  int delay, inflight;
  uint64_t status;
  long long out_len;
} orders;
static int busy;
static char is_ours[DESCRIPTORS];

static int real_open(const char *path, int flags, mode_t mode) {
  static int (*next)(const char *, int, ...);
  if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
  return next(path, flags, mode);
}

static int real_close(int fd) {
  static int (*next)(int);
  if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "close");
  return next(fd);
}

// Bytes of the file, or -1.
static ssize_t contents(const char *path, void *to, size_t most) {
  int fd = real_open(path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return -1;
  ssize_t length = read(fd, to, most);
  real_close(fd);
  return length;
}

static void read_orders(void) {
  const char *path = getenv("TDX_STAND_IN_ORDERS");
  char now[sizeof text] = "";
  ssize_t length = path ? contents(path, now, sizeof now - 1) : -1;
  if (length <= 0 || !strcmp(now, text)) return;
  memcpy(text, now, sizeof text);
  memset(&orders, 0, sizeof orders);
  orders.out_len = -1;
  char *rest = now, *line, word[64];
  int number, times;
  while ((line = strsep(&rest, "\n"))) {
    if (sscanf(line, "generation %63s", word) == 1)
      for (size_t i = 0; i < sizeof generations / sizeof *generations; i++)
        if (!strcmp(generations[i].name, word)) orders.generation = &generations[i];
    if (sscanf(line, "fail %63s %d %d", word, &number, &times) == 3)
      for (int i = 0; i < PLACES; i++)
        if (!strcmp(places[i], word)) orders.fail[i].error = number, orders.fail[i].times = times;
    sscanf(line, "delay %d", &orders.delay);
    sscanf(line, "status %lx", &orders.status);
    sscanf(line, "out_len %lld", &orders.out_len);
    if (!strcmp(line, "inflight")) orders.inflight = 1;
  }
}

static int failure(int place) {
  if (orders.fail[place].times <= 0) return 0;
  orders.fail[place].times--;
  return orders.fail[place].error;
}

static ssize_t answer(const uint8_t *reportdata, const char *kind, void *to, size_t most) {
  char path[4096];
  int end = snprintf(path, sizeof path, "%s/", getenv("TDX_STAND_IN_ANSWERS"));
  for (int i = 0; i < TDX_REPORTDATA_LEN; i++) end += snprintf(path + end, sizeof path - end, "%02x", reportdata[i]);
  snprintf(path + end, sizeof path - end, ".%s", kind);
  return contents(path, to, most);
}

static int get_report(const uint8_t *reportdata, uint8_t *report) {
  return answer(reportdata, "report", report, TDX_REPORT_LEN) == TDX_REPORT_LEN ? 0 : EIO;
}

static int report_call(enum report_style style, void *argument) {
  if (style == INLINE) {
    struct tdx_report_req *request = argument;
    return get_report(request->reportdata, request->tdreport);
  }
  if (style == POINTERS) {
    struct tdx_report_req_2022 *request = argument;
    if (request->rpd_len != TDX_REPORTDATA_LEN || request->tdr_len != TDX_REPORT_LEN || request->subtype) return EINVAL;
    return get_report((uint8_t *)(uintptr_t)request->reportdata, (uint8_t *)(uintptr_t)request->tdreport);
  }
  uint8_t reportdata[TDX_REPORTDATA_LEN];
  memcpy(reportdata, argument, sizeof reportdata);
  return get_report(reportdata, argument);
}

// Waits as the driver does, with the lock given up meanwhile.
static void wait_for_vmm(void) {
  char before[sizeof text];
  memcpy(before, text, sizeof before);
  for (int waited = 0; orders.inflight || waited < orders.delay; waited++) {
    pthread_mutex_unlock(&lock);
    nanosleep(&(struct timespec){0, 1000000}, NULL);
    pthread_mutex_lock(&lock);
    read_orders();
    if (strcmp(before, text)) return;
  }
}

static int quote_call(enum quote_style style, void *argument) {
  if (style == BARE) {
    uint8_t report[TDX_REPORT_LEN];
    memcpy(report, argument, sizeof report);
    memset(argument, 0, RFC_QUOTE_SIZE);
    wait_for_vmm();
    return answer(report + 128, "quote", argument, RFC_QUOTE_SIZE) < 0 ? EIO : 0;
  }
  struct tdx_quote_req *request = argument;
  if (request->len == 0 || request->len > QUOTE_MAX) return EINVAL;
  if (!request->buf) return EFAULT;
  struct tdx_quote_buf *user = (struct tdx_quote_buf *)(uintptr_t)request->buf;
  struct tdx_quote_buf *shared = calloc(1, QUOTE_MAX);
  memcpy(shared, user, request->len);
  // What QEMU refuses in R10 is EIO to the driver's user.
  int is_raw = shared->in_len == TDX_REPORT_LEN;
  int result = shared->version != 1 || shared->status != 0 || shared->in_len > request->len - sizeof *shared ||
                       (!is_raw && shared->in_len < FRAME + TDX_REPORT_LEN)
                   ? EIO
                   : 0;
  if (!result) {
    uint8_t reportdata[TDX_REPORTDATA_LEN];
    memcpy(reportdata, shared->data + (is_raw ? 0 : FRAME) + 128, sizeof reportdata);
    wait_for_vmm();
    size_t most = request->len - sizeof *shared;
    ssize_t length = orders.status ? 0 : answer(reportdata, is_raw ? "quote" : "reply", shared->data, most);
    shared->status = length < 0 ? 0x8000000000000000 : orders.status;
    shared->out_len = length < 0 ? 0 : orders.out_len >= 0 ? (uint32_t)orders.out_len : (uint32_t)length;
    memcpy(user, shared, request->len);
  }
  free(shared);
  return result;
}

static int device_call(unsigned long number, void *argument) {
  read_orders();
  const struct generation *generation = orders.generation;
  if (!generation) return ENOTTY;
  if (generation->report_style != NO_REPORT && number == generation->report) {
    int error = failure(REPORT);
    return error ? error : report_call(generation->report_style, argument);
  }
  if (generation->quote_style == BARE && number == RFC_2021_TDX_CMD_GET_QUOTE_SIZE) {
    *(uint64_t *)argument = RFC_QUOTE_SIZE;
    return 0;
  }
  if (generation->quote_style == NO_QUOTE || number != generation->quote) return ENOTTY;
  int error = failure(QUOTE);
  if (error) return error;
  if (busy) return EBUSY;
  busy = 1;
  error = quote_call(generation->quote_style, argument);
  busy = 0;
  return error;
}

static int device_open(const char *path, int flags, mode_t mode) {
  if (strncmp(path, "/dev/tdx", 8) != 0) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  read_orders();
  int error = failure(OPEN);
  if (!error && (!orders.generation || strcmp(orders.generation->device, path))) error = ENOENT;
  int fd = error ? -1 : real_open("/dev/null", O_RDWR | O_CLOEXEC, 0);
  if (fd >= 0 && fd < DESCRIPTORS) is_ours[fd] = 1;
  pthread_mutex_unlock(&lock);
  if (error) errno = error;
  return fd;
}

static mode_t mode_in(int flags, va_list list) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPENS(name)                                 \
  int name(const char *path, int flags, ...) {      \
    va_list list;                                   \
    va_start(list, flags);                          \
    mode_t mode = mode_in(flags, list);             \
    va_end(list);                                   \
    return device_open(path, flags, mode);          \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                                              \
  int name(int at, const char *path, int flags, ...) {                                              \
    va_list list;                                                                                   \
    va_start(list, flags);                                                                          \
    mode_t mode = mode_in(flags, list);                                                             \
    va_end(list);                                                                                   \
    if (strncmp(path, "/dev/tdx", 8) == 0) return device_open(path, flags, mode);                   \
    int (*next)(int, const char *, int, ...) =                                                      \
        (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, #name);                              \
    return next(at, path, flags, mode);                                                             \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

int ioctl(int fd, unsigned long number, ...) {
  va_list list;
  va_start(list, number);
  void *argument = va_arg(list, void *);
  va_end(list);
  if (fd < 0 || fd >= DESCRIPTORS || !is_ours[fd]) {
    int (*next)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    return next(fd, number, argument);
  }
  pthread_mutex_lock(&lock);
  int error = device_call(number, argument);
  pthread_mutex_unlock(&lock);
  if (!error) return 0;
  errno = error;
  return -1;
}

int close(int fd) {
  if (fd >= 0 && fd < DESCRIPTORS) is_ours[fd] = 0;
  return real_close(fd);
}
