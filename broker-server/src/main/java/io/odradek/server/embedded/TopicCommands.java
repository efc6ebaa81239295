package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.api.DeleteTopicsRequest;
import io.odradek.protocol.api.DeleteTopicsRequest.DeleteTopicState;
import io.odradek.protocol.api.DeleteTopicsResponse;
import io.odradek.protocol.api.DeleteTopicsResponse.DeletableTopicResult;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.inspect.Questions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Creates and deletes topics by asking the controller. */
final class TopicCommands {
    private static final int CREATE_VERSION = 5;
    private static final int DELETE_VERSION = 6;
    private static final int METADATA_VERSION = 9;
    private static final int TIMEOUT_MS = 30_000;

    private final Questions questions;

    TopicCommands(Questions questions) {
        this.questions = questions;
    }

    /** Creates topics; returns when their leaders serve. Those that are there already may stay as they are. */
    void create(Collection<TopicSpec> topics, boolean mayBeThere) {
        if (topics.isEmpty()) {
            return;
        }
        List<CreatableTopic> wanted = topics.stream().map(TopicCommands::wanted).toList();
        questions.patiently(() -> {
            CreateTopicsResponse answer = questions.ask(
                    controller(),
                    ApiKey.CREATE_TOPICS,
                    CREATE_VERSION,
                    new CreateTopicsRequest(wanted, TIMEOUT_MS, false),
                    CreateTopicsResponse.class);
            for (CreatableTopicResult result : answer.topics()) {
                if (!(mayBeThere && result.errorCode() == ErrorCode.TOPIC_ALREADY_EXISTS)) {
                    Questions.require(
                            result.errorCode(), "The creation of topic " + result.name(), result.errorMessage());
                }
            }
            return null;
        });
        await(
                "created",
                image -> topics.stream().allMatch(topic -> image.topics().containsKey(topic.name())));
    }

    private static CreatableTopic wanted(TopicSpec topic) {
        return new CreatableTopic(
                topic.name(),
                topic.partitions(),
                (short) topic.replicas(),
                List.of(),
                topic.settings().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(setting -> new CreatableTopicConfig(setting.getKey(), setting.getValue()))
                        .toList());
    }

    /** Deletes topics; returns when nothing of them is known any more, though others may have their names by then. */
    void delete(Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        List<Uuid> ids = names.stream().map(name -> questions.topic(name).id()).toList();
        List<DeleteTopicState> states = names.stream()
                .map(name -> new DeleteTopicState(name, Uuid.ZERO))
                .toList();
        questions.patiently(() -> {
            DeleteTopicsResponse answer = questions.ask(
                    controller(),
                    ApiKey.DELETE_TOPICS,
                    DELETE_VERSION,
                    new DeleteTopicsRequest(states, List.of(), TIMEOUT_MS),
                    DeleteTopicsResponse.class);
            for (DeletableTopicResult result : answer.responses()) {
                boolean gone = result.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
                Questions.require(
                        gone ? ErrorCode.NONE : result.errorCode(),
                        "The deletion of topic " + result.name(),
                        result.errorMessage());
            }
            return null;
        });
        await("deleted", image -> ids.stream().noneMatch(image.topicNames()::containsKey));
    }

    /** Has a topic created as a client's first look at it does, where the brokers create topics by themselves. */
    void createByUse(String name) {
        MetadataRequest look =
                new MetadataRequest(List.of(new MetadataRequestTopic(Uuid.ZERO, name)), true, false, false);
        questions.patiently(() -> {
            ErrorCode error = questions
                    .ask(questions.ids().first(), ApiKey.METADATA, METADATA_VERSION, look, MetadataResponse.class)
                    .topics()
                    .get(0)
                    .errorCode();
            boolean refused = error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            if (refused) {
                questions.topic(name);
            }
            Questions.require(error, "The creation of topic " + name, null);
            return null;
        });
        await("created", image -> image.topics().containsKey(name));
    }

    /** The controller has answered by now; what is still under way is the news of it. */
    private void await(String what, Predicate<MetadataImage> done) {
        questions.patiently(() -> {
            boolean pending = !done.test(questions.image());
            Questions.require(
                    pending ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.NONE,
                    "Waiting until all topics are " + what,
                    null);
            return null;
        });
    }

    private int controller() {
        int controller = questions.image().controllerId();
        if (!questions.ids().contains(controller)) {
            Questions.require(ErrorCode.NOT_CONTROLLER, "Asking the controller", "it is broker " + controller);
        }
        return controller;
    }
}
