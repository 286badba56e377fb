// A client that knows the kernel's declarations and nothing else.
//
//   client GENERATION DEVICE REPORTDATA
//
// Prints the TDREPORT and, where the generation has a command for it, the quote, both in hex.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "kernel.h"

static void print(const __u8 *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) printf("%02x", bytes[i]);
  printf("\n");
}

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 1;
}

int main(int argc, char *argv[]) {
  static const struct { const char *generation; unsigned long get_quote; } commands[] = {
      {"series-v2", SERIES_V2_TDX_CMD_GET_QUOTE},
      {"series-v3", SERIES_V3_TDX_CMD_GET_QUOTE},
      {"go-tdx-guest", GO_TDX_GUEST_IocTdxGetQuote},
      {"td-partitioning", TD_PARTITIONING_TDX_CMD_GET_QUOTE},
      {"anolis", ANOLIS_TDX_CMD_GET_QUOTE},
      {"intel-tdx", INTEL_TDX_TDX_CMD_GET_QUOTE},
  };
  if (argc != 4 || strlen(argv[3]) != 2 * TDX_REPORTDATA_LEN) return 2;

  struct tdx_report_req report = {0};
  for (int i = 0; i < TDX_REPORTDATA_LEN; i++) {
    unsigned int byte;
    if (sscanf(argv[3] + 2 * i, "%2x", &byte) != 1) return 2;
    report.reportdata[i] = (__u8)byte;
  }
  int device = open(argv[2], O_RDWR);
  if (device < 0) return fail(argv[2]);
  if (ioctl(device, MAINLINE_TDX_CMD_GET_REPORT0, &report) < 0) return fail("TDX_CMD_GET_REPORT0");
  print(report.tdreport, TDX_REPORT_LEN);

  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(commands[i].generation, argv[1]) != 0) continue;
    size_t size = 4 * 4096;
    struct tdx_quote_hdr *buffer = calloc(1, size);
    buffer->version = 1;
    buffer->in_len = TDX_REPORT_LEN;
    memcpy(buffer->data, report.tdreport, TDX_REPORT_LEN);
    struct tdx_quote_req request = {.buf = (__u64)(unsigned long)buffer, .len = size};
    if (ioctl(device, commands[i].get_quote, &request) < 0) return fail("TDX_CMD_GET_QUOTE");
    if (buffer->status != 0 || buffer->out_len > size - sizeof *buffer) return 3;
    print((const __u8 *)buffer->data, buffer->out_len);
    free(buffer);
  }
  close(device);
  return 0;
}
