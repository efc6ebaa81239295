package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.controller.CreationLimits;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.MetadataResponse.MetadataResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which topics a Metadata request asks for, and which it creates. */
class MetadataHandlerTest {
    private static final Uuid UNKNOWN = new Uuid(9, 9);

    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;
    private CreationLimits limits = SimulatedCluster.LIMITS;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private List<MetadataResponseTopic> ask(int version, List<MetadataRequestTopic> topics) {
        CapturedRequest context = new CapturedRequest(ApiKey.METADATA, version);
        new MetadataHandler(
                        broker.metadata,
                        new MetadataHandler.AutoCreation(true, broker.creator(), limits, 1000),
                        broker.loop,
                        new TopicLines(cluster.world.clock()))
                .handle(new MetadataRequest(topics, true, false, false), context);
        cluster.world.runUntilIdle();
        return context.answer(MetadataResponse.class).topics();
    }

    private static MetadataRequestTopic named(String name) {
        return new MetadataRequestTopic(Uuid.ZERO, name);
    }

    private Uuid create(String topic, int partitions) {
        return broker.create(topic, partitions, 1, Map.of()).id();
    }

    @Test
    void anIdDecidesWhateverTheNameBesideItIs() {
        Uuid id = create("t", 1);
        create("other", 1);
        for (String name : new String[] {null, "", "t", "other", "not-there"}) {
            List<MetadataResponseTopic> topics = ask(12, List.of(new MetadataRequestTopic(id, name)));
            assertThat(topics).as("beside the name " + name).hasSize(1);
            assertThat(topics.get(0).errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(topics.get(0).name()).isEqualTo("t");
            assertThat(topics.get(0).topicId()).isEqualTo(id);
        }
        List<MetadataResponseTopic> unknown = ask(12, List.of(new MetadataRequestTopic(UNKNOWN, "")));
        assertThat(unknown)
                .containsExactly(new MetadataResponseTopic(
                        ErrorCode.UNKNOWN_TOPIC_ID, null, UNKNOWN, false, List.of(), Integer.MIN_VALUE));
        assertThat(broker.image().topics()).containsOnlyKeys("t", "other");
    }

    @Test
    void beforeVersionTwelveAnIdOrANullNameIsRefusedForTheWholeRequest() {
        Uuid id = create("t", 1);
        for (int version = 10; version <= 11; version++) {
            for (MetadataRequestTopic bad : List.of(
                    new MetadataRequestTopic(id, null),
                    new MetadataRequestTopic(id, "t"),
                    new MetadataRequestTopic(Uuid.ZERO, null))) {
                assertThat(ask(version, List.of(named("t"), bad, named("new"))))
                        .extracting(MetadataResponseTopic::errorCode)
                        .containsExactly(
                                ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST);
            }
        }
        assertThat(broker.image().topics()).containsOnlyKeys("t");
    }

    @Test
    void aTopicIsAnsweredOnceHoweverOftenItIsNamed() {
        Uuid id = create("t", 100);
        List<MetadataRequestTopic> often = new ArrayList<>(Collections.nCopies(40_000, named("t")));
        often.addAll(Collections.nCopies(10_000, named("new")));
        assertThat(ask(11, often)).extracting(MetadataResponseTopic::name).containsExactly("t", "new");
        List<MetadataRequestTopic> byId =
                new ArrayList<>(Collections.nCopies(10_000, new MetadataRequestTopic(id, "")));
        byId.addAll(Collections.nCopies(10_000, new MetadataRequestTopic(id, null)));
        byId.addAll(Collections.nCopies(10_000, new MetadataRequestTopic(UNKNOWN, "")));
        assertThat(ask(12, byId))
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void theBrokersOwnTopicComesWithItsOwnSettings() {
        MetadataResponseTopic offsets =
                ask(4, List.of(named("__consumer_offsets"))).get(0);
        assertThat(offsets.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(offsets.isInternal()).isTrue();
        assertThat(offsets.partitions()).hasSize(2);
        assertThat(broker.image().topics().get("__consumer_offsets").config())
                .containsEntry("cleanup.policy", "compact");
    }

    @Test
    void whatIsBeyondTheLimitsOfOneRequestIsCreatedByTheNext() {
        cluster.close();
        cluster.defaultPartitions = 3;
        limits = new CreationLimits(4, 8, 1_000);
        restart();
        List<MetadataRequestTopic> three = List.of(named("a"), named("b"), named("c"));
        assertThat(ask(12, three))
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(ask(12, three)).extracting(MetadataResponseTopic::errorCode).containsOnly(ErrorCode.NONE);
        limits = new CreationLimits(1, 100, 1_000);
        assertThat(ask(12, List.of(named("d"), named("e"))))
                .extracting(MetadataResponseTopic::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private void restart() {
        try {
            cluster.files.close();
            int partitions = cluster.defaultPartitions;
            cluster = new SimulatedCluster();
            cluster.defaultPartitions = partitions;
            broker = cluster.start(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
