package io.odradek.server.tools.topics;

import static io.odradek.server.tools.Answers.of;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;

/** Deletes topics; says nothing. */
record TopicDeletion(Admin admin) {
    void delete(List<String> topics) throws Exception {
        if (!topics.isEmpty()) {
            of(admin.deleteTopics(topics, new DeleteTopicsOptions().retryOnQuotaViolation(false))
                    .all());
        }
    }
}
