package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Existence;
import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.Map;

/** Creates one topic, and deletes it now and then. What it was not told for certain it undoes. */
final class TopicAdmin extends SimulatedClient {
    private static final int DELETES_ONCE_IN = 60;

    private final Topic topic;
    private boolean deleting;

    TopicAdmin(String name, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        super("admin-" + name, world, broker, ledger);
        topic = ledger.topic(name);
    }

    @Override
    protected void act() {
        if (deleting) {
            delete();
        } else if (topic.existence != Existence.PRESENT) {
            topic.existence = Existence.UNKNOWN;
            Map<String, String> settings = topic.name.equals("small")
                    ? Map.of("segment.bytes", "600", "file.delete.delay.ms", "1000")
                    : Map.of();
            send(
                    ApiKey.CREATE_TOPICS,
                    Requests.CREATE_TOPICS_VERSION,
                    Requests.createTopic(topic.name, PARTITIONS, settings),
                    this::created);
        } else if (random.nextInt(DELETES_ONCE_IN) == 0) {
            topic.deletionBegins();
            ledger.forgetPositions(topic.name);
            deleting = true;
            delete();
        } else {
            pause();
        }
    }

    /** Until it is known to be gone: a deletion that was not answered may still go on. */
    private void delete() {
        send(ApiKey.DELETE_TOPICS, Requests.DELETE_TOPICS_VERSION, Requests.deleteTopic(topic.name), this::deleted);
    }

    private void created(ApiResponse answer) {
        if (answer != null) {
            ErrorCode error = ((CreateTopicsResponse) answer).topics().get(0).errorCode();
            if (error == ErrorCode.NONE) {
                topic.existence = Existence.PRESENT;
                topic.incarnation++;
            } else if (error == ErrorCode.TOPIC_ALREADY_EXISTS) {
                // Of a creation that was not answered, or of a deletion that waits for a folder to come back.
                deleting = true;
            }
        }
        pause();
    }

    private void deleted(ApiResponse answer) {
        if (answer != null) {
            ErrorCode error = ((DeleteTopicsResponse) answer).responses().get(0).errorCode();
            if (error == ErrorCode.NONE || error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                topic.existence = Existence.ABSENT;
                deleting = false;
                ledger.forgotten(topic.name);
            }
        }
        pause();
    }
}
