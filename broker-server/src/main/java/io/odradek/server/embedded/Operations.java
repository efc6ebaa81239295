package io.odradek.server.embedded;

import io.odradek.server.inspect.BrokerAccess;
import io.odradek.server.inspect.Inspector;
import io.odradek.server.inspect.Questions;
import java.time.Duration;

/** What a test does with brokers beside using them: made when it first does, so that a start needs none of it. */
final class Operations {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Inspector inspector;
    private final TopicCommands topics;
    private final RecordDeletion deletion;
    private final GroupCommands groups;
    private final RecordWriter writer;

    Operations(BrokerAccess brokers) {
        Questions questions = new Questions(brokers, PATIENCE);
        inspector = new Inspector(questions);
        topics = new TopicCommands(questions);
        deletion = new RecordDeletion(questions);
        groups = new GroupCommands(questions);
        writer = new RecordWriter(questions);
    }

    Inspector inspector() {
        return inspector;
    }

    TopicCommands topics() {
        return topics;
    }

    RecordDeletion deletion() {
        return deletion;
    }

    GroupCommands groups() {
        return groups;
    }

    RecordWriter writer() {
        return writer;
    }
}
