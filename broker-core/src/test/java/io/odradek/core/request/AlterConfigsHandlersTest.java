package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.dynamic.BrokerConfigWriter;
import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.config.dynamic.LiveBrokerConfig;
import io.odradek.core.config.dynamic.TopicConfigReader;
import io.odradek.core.config.dynamic.TopicConfigWriter;
import io.odradek.core.controller.SimulatedCluster;
import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.AlterConfigsResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeConfigsResponse;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.odradek.protocol.api.ListConfigResourcesRequest;
import io.odradek.protocol.api.ListConfigResourcesResponse;
import io.odradek.protocol.api.ListConfigResourcesResponse.ConfigResource;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlterConfigsHandlersTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte GROUP = 32;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;

    private final Loggers loggers = new Loggers();
    private final LiveConfig live = new LiveConfig(BrokerConfig.of(Map.of()), loggers);
    private SimulatedCluster cluster;
    private SimulatedCluster.Broker broker;
    private GroupConfigs groups;
    private ConfigAlterations alterations;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster();
        broker = cluster.start(1);
        broker.create("t", 1, 1, Map.of("retention.ms", "5000"));
        broker.create("u", 1, 1, Map.of());
        LiveBrokerConfig own = new LiveBrokerConfig(broker.session(), 1, live);
        TopicConfigWriter topics = new TopicConfigWriter(
                broker.session(),
                broker.loop,
                Map::of,
                topic -> broker.controller
                        .topicConfigChanged(topic)
                        .thenCompose(overrides -> broker.replicas.updateTopicConfig(topic, overrides)));
        groups = new GroupConfigs(broker.session(), broker.loop);
        alterations = new ConfigAlterations(
                broker.metadata,
                topics,
                new BrokerConfigWriter(own, broker.loop, cluster.world.newRandoms("secrets")),
                groups,
                1);
    }

    @AfterEach
    void close() {
        cluster.close();
        cluster.files.close();
    }

    private static AlterConfigsResource resource(byte type, String name, AlterableConfig... configs) {
        return new AlterConfigsResource(type, name, List.of(configs));
    }

    private List<ErrorCode> alter(AlterConfigsResource... resources) {
        return alter(false, resources).stream()
                .map(AlterConfigsResourceResponse::errorCode)
                .toList();
    }

    private List<AlterConfigsResourceResponse> alter(boolean validateOnly, AlterConfigsResource... resources) {
        CapturedRequest context = new CapturedRequest(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1);
        new IncrementalAlterConfigsHandler(alterations, broker.loop, new TopicLines(cluster.world.clock()))
                .handle(new IncrementalAlterConfigsRequest(List.of(resources), validateOnly), context);
        cluster.world.runUntilIdle();
        return context.answer(IncrementalAlterConfigsResponse.class).responses();
    }

    private Map<String, String> overrides(String topic) {
        return broker.image().topics().get(topic).config();
    }

    @Test
    void theAnswerNamesEachResourceAndTheChangeIsDescribedAtOnce() {
        List<AlterConfigsResourceResponse> responses = alter(
                false,
                resource(
                        TOPIC,
                        "t",
                        new AlterableConfig("segment.bytes", SET, "9000"),
                        new AlterableConfig("retention.ms", DELETE, null),
                        new AlterableConfig("cleanup.policy", APPEND, "compact")));
        assertThat(responses).containsExactly(new AlterConfigsResourceResponse(ErrorCode.NONE, null, TOPIC, "t"));
        assertThat(overrides("t")).isEqualTo(Map.of("segment.bytes", "9000", "cleanup.policy", "delete,compact"));
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_CONFIGS, 4);
        new DescribeConfigsHandler(
                        broker.metadata,
                        new TopicConfigReader(cluster.observer(), Map::of),
                        groups,
                        broker.loop,
                        live,
                        1)
                .handle(
                        new DescribeConfigsRequest(
                                List.of(new DescribeConfigsResource(TOPIC, "t", List.of("segment.bytes"))),
                                true,
                                false),
                        context);
        cluster.world.runUntilIdle();
        DescribeConfigsResourceResult setting = context.answer(DescribeConfigsResponse.class)
                .results()
                .get(0)
                .configs()
                .get(0);
        assertThat(setting.value()).isEqualTo("9000");
        assertThat(setting.configSource()).isEqualTo((byte) 1);
        assertThat(setting.readOnly()).isFalse();
    }

    @Test
    void whatClientsHaveSentIsQuotedInPart() {
        String huge = "x".repeat(32_767);
        List<AlterConfigsResourceResponse> responses = alter(
                false,
                resource(TOPIC, huge, new AlterableConfig("segment.bytes", SET, "9000")),
                resource(TOPIC, "t", new AlterableConfig(huge, SET, huge)),
                resource(TOPIC, "u", new AlterableConfig("segment.bytes", SET, huge)),
                resource((byte) 4, huge, new AlterableConfig(huge, APPEND, null)),
                resource((byte) 4, "1", new AlterableConfig(huge, SET, huge)),
                resource((byte) 4, "", new AlterableConfig(huge, (byte) 77, huge)));
        assertThat(responses).hasSize(6).allSatisfy(response -> {
            assertThat(response.errorCode()).isNotEqualTo(ErrorCode.NONE);
            assertThat(response.errorMessage()).hasSizeLessThan(700).contains("(32767 characters)");
        });
    }

    @Test
    void aResourceThatIsRefusedHoldsUpNoOther() {
        AlterableConfig good = new AlterableConfig("segment.bytes", SET, "9000");
        AlterableConfig bad = new AlterableConfig("segment.ms", SET, "soon");
        List<AlterConfigsResourceResponse> responses = alter(
                false, resource(TOPIC, "t", good, bad), resource(TOPIC, "none", good), resource(TOPIC, "u", good));
        assertThat(responses)
                .extracting(AlterConfigsResourceResponse::errorCode)
                .containsExactly(ErrorCode.INVALID_CONFIG, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.NONE);
        assertThat(responses.get(0).errorMessage()).contains("segment.ms", "soon", "64-bit integer of at least 1");
        assertThat(overrides("t")).isEqualTo(Map.of("retention.ms", "5000"));
        assertThat(overrides("u")).isEqualTo(Map.of("segment.bytes", "9000"));
    }

    @Test
    void whatIsNamedTwiceOrSaysNothingIsRefused() {
        AlterableConfig good = new AlterableConfig("segment.bytes", SET, "9000");
        assertThat(alter(resource(TOPIC, "t", good), resource(TOPIC, "u", good), resource(TOPIC, "t", good)))
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource(TOPIC, "t", good, new AlterableConfig("segment.bytes", DELETE, null))))
                .containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource(TOPIC, "t", new AlterableConfig("segment.bytes", SET, null))))
                .containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource(TOPIC, "t", new AlterableConfig("segment.bytes", (byte) 9, "1"))))
                .containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource(TOPIC, "", good))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource((byte) 99, "t", good))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(overrides("t")).isEqualTo(Map.of("retention.ms", "5000"));
    }

    @Test
    void aBrokerChangesItsOwnSettingsAndThoseOfAll() {
        AlterableConfig threads = new AlterableConfig("num.io.threads", SET, "9");
        AlterableConfig retention = new AlterableConfig("log.retention.ms", SET, "9");
        List<AlterConfigsResourceResponse> responses = alter(
                false,
                resource(BROKER, "1", threads),
                resource(BROKER, "", retention),
                resource(BROKER, "2", retention),
                resource(BROKER, "x", retention));
        assertThat(responses)
                .extracting(AlterConfigsResourceResponse::errorCode)
                .containsExactly(
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST);
        assertThat(responses.get(0).errorMessage()).contains("num.io.threads", "file");
        assertThat(live.get()).isEqualTo(Map.of("log.retention.ms", "9"));
        assertThat(alter(resource(BROKER, "1"))).containsExactly(ErrorCode.NONE);
        assertThat(alter(resource(BROKER, "1", new AlterableConfig("max.connections", APPEND, "1"))))
                .containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(replace(2, BROKER, "", new AlterConfigsRequest.AlterableConfig("log.retention.bytes", "7")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(live.get()).isEqualTo(Map.of("log.retention.bytes", "7"));
    }

    /** A process with two loggers. */
    private static final class Loggers implements BrokerLoggers {
        private final SortedMap<String, String> levels = new TreeMap<>(Map.of("root", "INFO", "a.b", "WARN"));

        @Override
        public SortedMap<String, String> levels() {
            return levels;
        }

        @Override
        public boolean knows(String logger) {
            return levels.containsKey(logger);
        }

        @Override
        public void take(Map<String, String> changed) {
            changed.forEach((logger, level) -> levels.put(logger, level == null ? levels.get("root") : level));
        }
    }

    private static AlterConfigsResource logger(String broker, String name, byte operation, String level) {
        return resource(BROKER_LOGGER, broker, new AlterableConfig(name, operation, level));
    }

    @Test
    void levelsOfLoggersChangeAtOnceAndAreShown() {
        assertThat(alter(logger("1", "a.b", SET, "DEBUG"))).containsExactly(ErrorCode.NONE);
        assertThat(loggers.levels).containsEntry("a.b", "DEBUG");
        List<DescribeConfigsResourceResult> shown = describe(BROKER_LOGGER, "1").configs();
        assertThat(shown)
                .extracting(DescribeConfigsResourceResult::name, DescribeConfigsResourceResult::value)
                .containsExactly(tuple("a.b", "DEBUG"), tuple("root", "INFO"));
        assertThat(shown.get(0).configSource()).isEqualTo((byte) 6);
        assertThat(shown.get(0).readOnly()).isFalse();
        assertThat(alter(logger("1", "a.b", DELETE, null))).containsExactly(ErrorCode.NONE);
        assertThat(loggers.levels).containsEntry("a.b", "INFO");
        assertThat(alter(true, logger("1", "a.b", SET, "DEBUG")).get(0).errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(loggers.levels).containsEntry("a.b", "INFO");
    }

    @Test
    void whatIsWrongWithALoggerIsRefused() {
        assertThat(alter(logger("1", "a.b", SET, "LOUD"))).containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(alter(logger("1", "a.c", SET, "INFO"))).containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(alter(logger("1", "a.b", APPEND, "INFO"))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(logger("1", "root", DELETE, null))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(logger("2", "a.b", SET, "INFO"))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(logger("", "a.b", SET, "INFO"))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(alter(resource(
                        BROKER_LOGGER,
                        "1",
                        new AlterableConfig("a.b", SET, "DEBUG"),
                        new AlterableConfig("root", SET, "LOUD"))))
                .containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(loggers.levels).isEqualTo(Map.of("root", "INFO", "a.b", "WARN"));
        for (String name : List.of("", "2", "x")) {
            assertThat(describe(BROKER_LOGGER, name).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void groupsAreSetAndShownWhateverTheirNames() {
        for (String group : List.of("g", "a/b *ü", "..")) {
            assertThat(describe(GROUP, group).configs())
                    .extracting(DescribeConfigsResourceResult::name, DescribeConfigsResourceResult::value)
                    .containsExactly(
                            tuple("consumer.heartbeat.interval.ms", "5000"),
                            tuple("consumer.session.timeout.ms", "45000"));
            AlterableConfig session = new AlterableConfig("consumer.session.timeout.ms", SET, "50000");
            assertThat(alter(true, resource(GROUP, group, session)).get(0).errorCode())
                    .isEqualTo(ErrorCode.NONE);
            assertThat(describe(GROUP, group).configs().get(1).configSource()).isEqualTo((byte) 5);
            assertThat(alter(resource(GROUP, group, session))).containsExactly(ErrorCode.NONE);
            DescribeConfigsResourceResult shown =
                    describe(GROUP, group).configs().get(1);
            assertThat(shown.value()).isEqualTo("50000");
            assertThat(shown.configSource()).isEqualTo((byte) 8);
            assertThat(shown.synonyms()).hasSize(2);
        }
        assertThat(cluster.value(groups.groups())).containsExactly("..", "a/b *ü", "g");
        assertThat(alter(resource(GROUP, "g", new AlterableConfig("consumer.session.timeout.ms", DELETE, null))))
                .containsExactly(ErrorCode.NONE);
        assertThat(describe(GROUP, "g").configs().get(1).value()).isEqualTo("45000");
    }

    private ListConfigResourcesResponse list(int version, Byte... types) {
        CapturedRequest context = new CapturedRequest(ApiKey.LIST_CONFIG_RESOURCES, version);
        new ListConfigResourcesHandler(broker.metadata, groups, broker.loop)
                .handle(new ListConfigResourcesRequest(List.of(types)), context);
        cluster.world.runUntilIdle();
        return context.answer(ListConfigResourcesResponse.class);
    }

    @Test
    void whatHasSettingsIsListedByKind() {
        alter(resource(GROUP, "g", new AlterableConfig("consumer.session.timeout.ms", SET, "50000")));
        assertThat(list(1).configResources())
                .extracting(ConfigResource::resourceName, ConfigResource::resourceType)
                .containsExactly(
                        tuple("t", TOPIC),
                        tuple("u", TOPIC),
                        tuple("1", BROKER),
                        tuple("1", BROKER_LOGGER),
                        tuple("g", GROUP));
        assertThat(list(1, GROUP).configResources()).containsExactly(new ConfigResource("g", GROUP));
        AlterableConfig unset = new AlterableConfig("consumer.session.timeout.ms", DELETE, null);
        assertThat(alter(resource(GROUP, "g", unset), resource(GROUP, "never.set", unset)))
                .containsExactly(ErrorCode.NONE, ErrorCode.NONE);
        assertThat(list(1, GROUP).configResources()).isEmpty();
        assertThat(list(1, TOPIC).configResources()).hasSize(2);
        assertThat(list(1, (byte) 16).configResources()).isEmpty();
        assertThat(list(0).configResources()).isEmpty();
        assertThat(list(1, TOPIC, (byte) 99).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void whatIsWrongWithAGroupIsRefused() {
        AlterableConfig quick = new AlterableConfig("consumer.session.timeout.ms", SET, "50");
        assertThat(alter(resource(GROUP, "g", quick))).containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(alter(resource(GROUP, "g", new AlterableConfig("no.such", SET, "50"))))
                .containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(alter(resource(GROUP, "g", new AlterableConfig("consumer.session.timeout.ms", APPEND, "50"))))
                .containsExactly(ErrorCode.INVALID_CONFIG);
        assertThat(alter(resource(GROUP, "", quick))).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(describe(GROUP, "").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(describe((byte) 16, "m").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(cluster.value(groups.groups())).isEmpty();
    }

    private DescribeConfigsResponse.DescribeConfigsResult describe(byte type, String name) {
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_CONFIGS, 4);
        new DescribeConfigsHandler(
                        broker.metadata,
                        new TopicConfigReader(cluster.observer(), Map::of),
                        groups,
                        broker.loop,
                        live,
                        1)
                .handle(
                        new DescribeConfigsRequest(List.of(new DescribeConfigsResource(type, name, null)), true, false),
                        context);
        cluster.world.runUntilIdle();
        return context.answer(DescribeConfigsResponse.class).results().get(0);
    }

    @Test
    void nothingChangesWhereItIsOnlyValidated() {
        AlterableConfig good = new AlterableConfig("segment.bytes", SET, "9000");
        AlterableConfig bad = new AlterableConfig("segment.bytes", SET, "1");
        assertThat(alter(true, resource(TOPIC, "t", good), resource(TOPIC, "u", bad)))
                .extracting(AlterConfigsResourceResponse::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.INVALID_CONFIG);
        assertThat(overrides("t")).isEqualTo(Map.of("retention.ms", "5000"));
        assertThat(cluster.value(cluster.observer().children("/config/changes")))
                .isEmpty();
    }

    @Test
    void theOlderRequestReplacesAllThatATopicOverrides() {
        for (int version = 0; version <= 2; version++) {
            String value = Integer.toString(9000 + version);
            assertThat(replace(version, TOPIC, "t", new AlterConfigsRequest.AlterableConfig("segment.bytes", value)))
                    .isEqualTo(ErrorCode.NONE);
            assertThat(overrides("t")).isEqualTo(Map.of("segment.bytes", value));
        }
        assertThat(replace(2, TOPIC, "t", new AlterConfigsRequest.AlterableConfig("segment.bytes", null)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(replace(2, TOPIC, "t", new AlterConfigsRequest.AlterableConfig("no.such", "1")))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(replace(2, BROKER_LOGGER, "1", new AlterConfigsRequest.AlterableConfig("root", "INFO")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(overrides("t")).isEqualTo(Map.of("segment.bytes", "9002"));
        assertThat(replace(2, TOPIC, "t")).isEqualTo(ErrorCode.NONE);
        assertThat(overrides("t")).isEmpty();
    }

    private ErrorCode replace(int version, byte type, String name, AlterConfigsRequest.AlterableConfig... configs) {
        CapturedRequest context = new CapturedRequest(ApiKey.ALTER_CONFIGS, version);
        AlterConfigsRequest.AlterConfigsResource resource =
                new AlterConfigsRequest.AlterConfigsResource(type, name, new ArrayList<>(List.of(configs)));
        new AlterConfigsHandler(alterations, broker.loop, new TopicLines(cluster.world.clock()))
                .handle(new AlterConfigsRequest(List.of(resource), false), context);
        cluster.world.runUntilIdle();
        return context.answer(AlterConfigsResponse.class).responses().get(0).errorCode();
    }

    @Test
    void aChangeThatTakesTooLongIsAnsweredAndGoesOn() {
        broker.replicas.delayMs = ConfigAlterations.WAIT_MS + 1000;
        CapturedRequest context = new CapturedRequest(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1);
        AlterableConfig good = new AlterableConfig("segment.bytes", SET, "9000");
        new IncrementalAlterConfigsHandler(alterations, broker.loop, new TopicLines(cluster.world.clock()))
                .handle(new IncrementalAlterConfigsRequest(List.of(resource(TOPIC, "t", good)), false), context);
        cluster.world.advanceMs(ConfigAlterations.WAIT_MS + 1);
        assertThat(context.answer(IncrementalAlterConfigsResponse.class)
                        .responses()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        cluster.world.advanceMs(2000);
        assertThat(broker.replicas.configs.get("t")).containsEntry("segment.bytes", "9000");
    }
}
