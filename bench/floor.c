/* The floor: what C does with packed structs. Prints JSON, in ns per operation.
 *   floor ops QUOTE MS                        open, read 5, to JSON, assemble
 *   floor filter PACKED COUNT STRIDE PASSES WANTED
 * WANTED holds 48 bytes of MRTD and 64 of report data. */
#define _POSIX_C_SOURCE 200809L
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PACKED __attribute__((packed))

struct header {
    uint16_t version;
    uint16_t attestation_key_type;
    uint32_t tee_type;
    uint8_t reserved[4];
    uint8_t qe_vendor_id[16];
    uint8_t user_data[20];
} PACKED;

struct td_report {
    uint8_t tee_tcb_svn[16];
    uint8_t mrseam[48];
    uint8_t mrsignerseam[48];
    uint8_t seamattributes[8];
    uint8_t tdattributes[8];
    uint8_t xfam[8];
    uint8_t mrtd[48];
    uint8_t mrconfigid[48];
    uint8_t mrowner[48];
    uint8_t mrownerconfig[48];
    uint8_t rtmr[4][48];
    uint8_t reportdata[64];
} PACKED;

struct sgx_report {
    uint8_t cpusvn[16];
    uint32_t miscselect;
    uint8_t reserved1[12];
    uint8_t isvextprodid[16];
    uint8_t flags[8];
    uint8_t xfrm[8];
    uint8_t mrenclave[32];
    uint8_t reserved2[32];
    uint8_t mrsigner[32];
    uint8_t reserved3[32];
    uint8_t configid[64];
    uint16_t isvprodid;
    uint16_t isvsvn;
    uint16_t configsvn;
    uint8_t reserved4[42];
    uint8_t isvfamilyid[16];
    uint8_t reportdata[64];
} PACKED;

struct quote {
    struct header header;
    struct td_report body;
    uint32_t signature_data_len;
    uint8_t quote_signature[64];
    uint8_t attestation_key[64];
    uint16_t cert_type;
    uint32_t cert_size;
    struct sgx_report qe_report;
    uint8_t qe_report_signature[64];
    uint16_t auth_size;
    uint8_t auth[];
} PACKED;

struct cert {
    uint16_t type;
    uint32_t size;
    uint8_t data[];
} PACKED;

_Static_assert(sizeof(struct header) == 48, "header");
_Static_assert(sizeof(struct td_report) == 584, "td_report");
_Static_assert(sizeof(struct sgx_report) == 384, "sgx_report");
_Static_assert(sizeof(struct quote) == 1220, "quote");
_Static_assert(sizeof(struct cert) == 6, "cert");
_Static_assert(offsetof(struct td_report, mrtd) == 136, "mrtd");
_Static_assert(offsetof(struct td_report, reportdata) == 520, "reportdata");
_Static_assert(offsetof(struct quote, signature_data_len) == 632, "signature_data_len");
_Static_assert(offsetof(struct quote, quote_signature) == 636, "quote_signature");
_Static_assert(offsetof(struct quote, cert_type) == 764, "cert_type");
_Static_assert(offsetof(struct quote, qe_report) == 770, "qe_report");
_Static_assert(offsetof(struct quote, auth_size) == 1218, "auth_size");

struct opened {
    const struct quote *quote;
    const struct cert *cert;
    const uint8_t *end;
};

/* Keeps the compiler from knowing what p points to, or that nobody looks at it. */
#define OPAQUE(p) __asm__ volatile("" : "+r"(p) : : "memory")

static int open_quote(const uint8_t *bytes, size_t size, struct opened *out)
{
    const struct quote *q = (const struct quote *)bytes;
    if (size < sizeof *q + sizeof(struct cert)) return 0;
    if (q->header.version != 4 || q->header.tee_type != 0x81) return 0;
    uint32_t length = q->signature_data_len;
    if (length > size - 636 || length < 590) return 0;
    if (q->cert_type != 6 || q->cert_size != length - 134) return 0;
    if (q->auth_size > q->cert_size - 456) return 0;
    const struct cert *c = (const struct cert *)(q->auth + q->auth_size);
    if (c->size != q->cert_size - 456 - q->auth_size) return 0;
    out->quote = q;
    out->cert = c;
    out->end = bytes + 636 + length;
    return 1;
}

static uint32_t read5(const struct opened *o)
{
    const struct quote *q = o->quote;
    return q->header.version + q->header.tee_type * 3u + q->body.mrtd[0] * 4096u + q->body.reportdata[0] * 65536u +
           q->quote_signature[0] * 4194304u;
}

static char *put(char *to, const char *text)
{
    size_t n = strlen(text);
    memcpy(to, text, n);
    return to + n;
}

static char *put_hex(char *to, const char *key, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    to = put(to, key);
    for (size_t i = 0; i < size; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return put(to, "\",");
}

static char *put_number(char *to, const char *key, uint32_t value)
{
    char reversed[10];
    int n = 0;
    to = put(to, key);
    do reversed[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (n > 0) *to++ = reversed[--n];
    *to++ = ',';
    return to;
}

#define HEX(at, field) to = put_hex(to, "\"" #field "\":\"", (at)->field, sizeof(at)->field)
#define NUMBER(at, field) to = put_number(to, "\"" #field "\":", (at)->field)

static size_t to_json(const struct opened *o, char *out)
{
    const struct quote *q = o->quote;
    const struct header *h = &q->header;
    const struct td_report *b = &q->body;
    const struct sgx_report *r = &q->qe_report;
    char *to = put(out, "{");
    NUMBER(h, version); NUMBER(h, attestation_key_type); NUMBER(h, tee_type);
    HEX(h, reserved); HEX(h, qe_vendor_id); HEX(h, user_data);
    HEX(b, tee_tcb_svn); HEX(b, mrseam); HEX(b, mrsignerseam); HEX(b, seamattributes); HEX(b, tdattributes); HEX(b, xfam);
    HEX(b, mrtd); HEX(b, mrconfigid); HEX(b, mrowner); HEX(b, mrownerconfig);
    for (int i = 0; i < 4; i++) HEX(b, rtmr[i]);
    HEX(b, reportdata);
    HEX(q, quote_signature); HEX(q, attestation_key); NUMBER(q, cert_type);
    HEX(r, cpusvn); NUMBER(r, miscselect); HEX(r, reserved1); HEX(r, isvextprodid); HEX(r, flags); HEX(r, xfrm);
    HEX(r, mrenclave); HEX(r, reserved2); HEX(r, mrsigner); HEX(r, reserved3); HEX(r, configid);
    NUMBER(r, isvprodid); NUMBER(r, isvsvn); NUMBER(r, configsvn); HEX(r, reserved4); HEX(r, isvfamilyid); HEX(r, reportdata);
    HEX(q, qe_report_signature);
    to = put_hex(to, "\"auth\":\"", q->auth, q->auth_size);
    NUMBER(o->cert, type);
    to = put(to, "\"pem\":\"");
    for (uint32_t i = 0; i < o->cert->size; i++) {
        uint8_t c = o->cert->data[i];
        if (c == '\n') {
            *to++ = '\\';
            *to++ = 'n';
        } else if (c < 32 || c > 126 || c == '"' || c == '\\') {
            to = put(to, "\\u0000");
        } else {
            *to++ = (char)c;
        }
    }
    to = put(to, "\"}");
    return (size_t)(to - out);
}

/* A quote from its parts, eight of them ready. */
static size_t assemble(const struct opened *o, uint8_t *out)
{
    const struct quote *from = o->quote;
    struct quote *q = (struct quote *)out;
    memcpy(&q->header, &from->header, sizeof q->header);
    memcpy(&q->body, &from->body, sizeof q->body);
    uint32_t inner = o->cert->size;
    q->signature_data_len = 590 + from->auth_size + inner;
    memcpy(q->quote_signature, from->quote_signature, 64);
    memcpy(q->attestation_key, from->attestation_key, 64);
    q->cert_type = 6;
    q->cert_size = 456 + from->auth_size + inner;
    memcpy(&q->qe_report, &from->qe_report, sizeof q->qe_report);
    memcpy(q->qe_report_signature, from->qe_report_signature, 64);
    q->auth_size = from->auth_size;
    memcpy(q->auth, from->auth, from->auth_size);
    struct cert *c = (struct cert *)(q->auth + from->auth_size);
    c->type = o->cert->type;
    c->size = inner;
    memcpy(c->data, o->cert->data, inner);
    return 636 + q->signature_data_len;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *key, double *samples, int n, const char *after)
{
    qsort(samples, (size_t)n, sizeof *samples, by_value);
    printf("\"%s\":{\"median\":%.3f,\"best\":%.3f}%s", key, samples[n / 2], samples[0], after);
}

static uint8_t *read_all(const char *file, size_t *size)
{
    FILE *f = fopen(file, "rb");
    if (f == NULL) exit(2);
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    uint8_t *bytes = malloc(*size);
    if (bytes == NULL || fread(bytes, 1, *size, f) != *size) exit(2);
    fclose(f);
    return bytes;
}

#define SAMPLES 25
#define MEASURE(key, after, body)                                        \
    do {                                                                 \
        double samples[SAMPLES];                                         \
        long n = 1;                                                      \
        double spent = 0;                                                \
        while (spent < ms * 1e6 / SAMPLES) {                             \
            n *= 2;                                                      \
            double from = now();                                         \
            for (long i = 0; i < n; i++) { body; }                       \
            spent = now() - from;                                        \
        }                                                                \
        for (int s = 0; s < SAMPLES; s++) {                              \
            double from = now();                                         \
            for (long i = 0; i < n; i++) { body; }                       \
            samples[s] = (now() - from) / (double)n;                     \
        }                                                                \
        print(key, samples, SAMPLES, after);                             \
    } while (0)

static int ops(const char *file, double ms)
{
    size_t size;
    const uint8_t *bytes = read_all(file, &size);
    struct opened o;
    if (!open_quote(bytes, size, &o)) return 1;
    char *json = malloc(size * 3 + 4096);
    uint8_t *copy = malloc(size);
    if (json == NULL || copy == NULL) return 2;
    if (assemble(&o, copy) != (size_t)(o.end - bytes) || memcmp(copy, bytes, (size_t)(o.end - bytes)) != 0) return 1;
    uint32_t sum = 0;
    const struct opened *opened = &o;
    printf("{\"five\":%d,", (int32_t)read5(&o));
    MEASURE("open", ",", OPAQUE(bytes); sum ^= (uint32_t)open_quote(bytes, size, &o); OPAQUE(opened));
    MEASURE("read5", ",", OPAQUE(bytes); open_quote(bytes, size, &o); sum ^= read5(&o));
    MEASURE("json", ",", OPAQUE(opened); sum ^= (uint32_t)to_json(opened, json); OPAQUE(json));
    MEASURE("assembleInto", ",", OPAQUE(opened); sum ^= (uint32_t)assemble(opened, copy); OPAQUE(copy));
    printf("\"sink\":%u}\n", sum & 1);
    return 0;
}

static long filter(const uint8_t *packed, long count, size_t stride, const uint8_t *mrtd, const uint8_t *reportdata)
{
    long found = 0;
    for (long i = 0; i < count; i++) {
        const struct quote *q = (const struct quote *)(packed + (size_t)i * stride);
        if (memcmp(q->body.mrtd, mrtd, 48) == 0 && memcmp(q->body.reportdata, reportdata, 64) == 0) found++;
    }
    return found;
}

#define OTHER ((size_t)1 << 27)
static uint32_t evict(void)
{
    static uint32_t *other;
    if (other == NULL) {
        other = malloc(OTHER);
        if (other == NULL) exit(2);
        memset(other, 1, OTHER);
    }
    uint32_t sum = 0;
    for (size_t i = 0; i < OTHER / 4; i += 16) sum ^= other[i];
    return sum;
}

static int filters(const char *file, long count, size_t stride, int passes, const char *wanted_file)
{
    size_t size, wanted_size;
    const uint8_t *packed = read_all(file, &size);
    const uint8_t *wanted = read_all(wanted_file, &wanted_size);
    if (wanted_size != 112 || size < (size_t)count * stride || passes < 1 || passes > 100) return 2;
    double hot[200], cold[100];
    long found = 0;
    volatile uint32_t sum = 0;
    const uint8_t *wanted_reportdata = wanted + 48;
    for (int i = -3; i < passes * 2; i++) {
        OPAQUE(packed);
        double from = now();
        found = filter(packed, count, stride, wanted, wanted_reportdata);
        OPAQUE(found);
        if (i >= 0) hot[i] = (now() - from) / (double)count;
    }
    for (int i = 0; i < passes; i++) {
        sum ^= evict();
        OPAQUE(packed);
        double from = now();
        found = filter(packed, count, stride, wanted, wanted_reportdata);
        OPAQUE(found);
        cold[i] = (now() - from) / (double)count;
    }
    printf("{\"found\":%ld,", found);
    print("hot", hot, passes * 2, ",");
    print("cold", cold, passes, "}\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "ops") == 0) return ops(argv[2], atof(argv[3]));
    if (argc == 7 && strcmp(argv[1], "filter") == 0)
        return filters(argv[2], atol(argv[3]), (size_t)atol(argv[4]), atoi(argv[5]), argv[6]);
    fprintf(stderr, "usage: floor ops QUOTE MS | floor filter PACKED COUNT STRIDE PASSES WANTED\n");
    return 2;
}
