package io.odradek.server.tools.topics;

import static io.odradek.server.tools.Answers.of;

import io.odradek.server.tools.ToolException;
import io.odradek.server.tools.TopicPattern;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/**
 * The topics that are meant by what was given for them.
 *
 * @param admin whom to ask
 * @param given a regular expression as Kafka's tools take it; null for all topics
 * @param excludeInternal whether those of the brokers are not meant
 */
record TopicNames(Admin admin, String given, boolean excludeInternal) {
    /** {@return their names, in order} */
    List<String> found() throws Exception {
        TopicPattern pattern = TopicPattern.of(given);
        return of(admin.listTopics(new ListTopicsOptions().listInternal(true)).names()).stream()
                .filter(name -> pattern.matches(name, excludeInternal))
                .sorted()
                .toList();
    }

    /**
     * {@return their names, in order}
     *
     * @param ifExists whether there may be none
     * @throws ToolException if there is none, though one was asked for
     */
    List<String> required(boolean ifExists) throws Exception {
        List<String> found = found();
        if (found.isEmpty() && given != null && !given.isEmpty() && !ifExists) {
            throw new ToolException("Topic '" + given + "' does not exist as expected");
        }
        return found;
    }
}
