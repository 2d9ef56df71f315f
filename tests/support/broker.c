/* Virtual hosts through RabbitMQ's management API. */

#include "support/broker.h"

#include <cjson/cJSON.h>
#include <check.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/attributes.h"
#include "common/core/uuid.h"

struct broker {
    CURL *curl;
    char *api; /* http://user:password@host:port/api */
    char *user;
    char *url;
    char vhost[64];
};

struct answer {
    char *data;
    size_t size;
    long status;
};

static size_t collect(char *data, size_t size, size_t count, void *to)
{
    struct answer *answer = to;
    answer->data = realloc(answer->data, answer->size + size * count + 1);
    ck_assert_ptr_nonnull(answer->data);
    memcpy(answer->data + answer->size, data, size * count);
    answer->size += size * count;
    answer->data[answer->size] = '\0';
    return size * count;
}

/* `body` NULL: none. The answer's data is owned. */
static struct answer ask(struct broker *broker, const char *method, const char *body,
                         const char *path)
{
    char url[1024];
    int size = snprintf(url, sizeof(url), "%s/%s", broker->api, path);
    ck_assert_int_lt(size, (int)sizeof(url));
    struct answer answer = {0};
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_reset(broker->curl);
    curl_easy_setopt(broker->curl, CURLOPT_URL, url);
    curl_easy_setopt(broker->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(broker->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(broker->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(broker->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(broker->curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(broker->curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(broker->curl, CURLOPT_WRITEDATA, &answer);
    if (body != NULL) {
        curl_easy_setopt(broker->curl, CURLOPT_POSTFIELDS, body);
    }
    CURLcode code = curl_easy_perform(broker->curl);
    ck_assert_msg(code == CURLE_OK, "%s %s: %s", method, path, curl_easy_strerror(code));
    curl_easy_getinfo(broker->curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(headers);
    return answer;
}

static void tell(struct broker *broker, const char *method, const char *body, const char *path)
{
    struct answer answer = ask(broker, method, body, path);
    ck_assert_msg(answer.status >= 200 && answer.status < 300, "%s %s: HTTP %ld", method, path,
                  answer.status);
    free(answer.data);
}

static const char *required(const char *name)
{
    const char *value = getenv(name);
    ck_assert_msg(value != NULL, "%s is not set: run this with scripts/with-services", name);
    return value;
}

static char *without_slash(const char *url)
{
    char *copy = strdup(url);
    size_t size = strlen(copy);
    if (size > 0 && copy[size - 1] == '/') {
        copy[size - 1] = '\0';
    }
    return copy;
}

/* the authority without path: amqp://user:password@host:port */
static char *without_path(const char *url)
{
    const char *authority = strstr(url, "://");
    ck_assert_ptr_nonnull(authority);
    return strndup(url, (size_t)(authority + 3 - url) + strcspn(authority + 3, "/"));
}

struct broker *broker_new(void)
{
    struct broker *broker = calloc(1, sizeof(*broker));
    broker->curl = curl_easy_init();
    char *management = without_slash(required("TEST_AMQP_MANAGEMENT_URL"));
    ck_assert_int_ge(asprintf(&broker->api, "%s/api", management), 0);
    free(management);

    const char *user = strstr(broker->api, "://") + 3;
    broker->user = strndup(user, strcspn(user, ":@/"));

    char uuid[UUID_TEXT_SIZE];
    uuid_new(uuid);
    snprintf(broker->vhost, sizeof(broker->vhost), "test-%s", uuid);
    char *authority = without_path(required("TEST_AMQP_URL"));
    ck_assert_int_ge(asprintf(&broker->url, "%s/%s", authority, broker->vhost), 0);
    free(authority);

    char path[512];
    snprintf(path, sizeof(path), "vhosts/%s", broker->vhost);
    tell(broker, "PUT", "{}", path);
    snprintf(path, sizeof(path), "permissions/%s/%s", broker->vhost, broker->user);
    tell(broker, "PUT", "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}", path);
    return broker;
}

void broker_free(struct broker *broker)
{
    if (broker == NULL) {
        return;
    }
    char path[128];
    snprintf(path, sizeof(path), "vhosts/%s", broker->vhost);
    tell(broker, "DELETE", NULL, path);
    curl_easy_cleanup(broker->curl);
    free(broker->api);
    free(broker->user);
    free(broker->url);
    free(broker);
}

const char *broker_url(const struct broker *broker)
{
    return broker->url;
}

static int close_connection(struct broker *broker, const cJSON *connection)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(connection, "name");
    char *escaped = curl_easy_escape(broker->curl, name->valuestring, 0);
    char path[512];
    snprintf(path, sizeof(path), "connections/%s", escaped);
    curl_free(escaped);
    struct answer answer = ask(broker, "DELETE", NULL, path);
    free(answer.data);
    return answer.status == 204; /* 404: gone by itself */
}

int broker_close_connection(struct broker *broker, const char *connection_name)
{
    char path[256];
    snprintf(path, sizeof(path), "vhosts/%s/connections?columns=name,user_provided_name",
             broker->vhost);
    struct answer answer = ask(broker, "GET", NULL, path);
    cJSON *connections = cJSON_Parse(answer.data);
    int closed = 0;
    const cJSON *connection;
    cJSON_ArrayForEach(connection, connections)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(connection, "user_provided_name");
        if (cJSON_IsString(name) && strcmp(name->valuestring, connection_name) == 0) {
            closed |= close_connection(broker, connection);
        }
    }
    cJSON_Delete(connections);
    free(answer.data);
    return closed;
}

void broker_delete_queue(struct broker *broker, const char *queue)
{
    char path[512];
    snprintf(path, sizeof(path), "queues/%s/%s", broker->vhost, queue);
    tell(broker, "DELETE", NULL, path);
}
