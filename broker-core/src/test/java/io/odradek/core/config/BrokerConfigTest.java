package io.odradek.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.ConfigEntry.Synonym;
import io.odradek.core.config.Setting.Effect;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerConfigTest {
    @Test
    void everyDefaultIsAValueItsSettingTakes() {
        for (Setting setting : SettingTable.broker().all()) {
            assertThat(setting.doc()).as(setting.name()).isNotBlank().doesNotContain("\n");
            if (setting.defaultText() != null) {
                assertThat(setting.parse(setting.defaultText()))
                        .as(setting.name())
                        .isNotNull();
            }
        }
    }

    @Test
    void nothingGivenMeansKafkasDefaults() {
        BrokerConfig config = BrokerConfig.of(Map.of());

        assertThat(config.brokerId()).isEqualTo(-1);
        assertThat(config.logDirs()).containsExactly("/tmp/kafka-logs");
        assertThat(config.listeners().listeners()).hasToString("[PLAINTEXT://:9092]");
        assertThat(config.int32("num.io.threads")).isEqualTo(8);
        assertThat(config.int64("connections.max.idle.ms")).isEqualTo(600_000);
        assertThat(config.int32("message.max.bytes")).isEqualTo(1_048_588);
        assertThat(config.text("zookeeper.connect")).isNull();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theSettingsOfKafkasTemplateAreKnown() {
        Map<String, String> template = new HashMap<>();
        template.put("broker.id", "0");
        template.put("num.network.threads", "3");
        template.put("num.io.threads", "8");
        template.put("socket.send.buffer.bytes", "102400");
        template.put("socket.receive.buffer.bytes", "102400");
        template.put("socket.request.max.bytes", "104857600");
        template.put("log.dirs", "/tmp/kafka-logs");
        template.put("num.partitions", "1");
        template.put("num.recovery.threads.per.data.dir", "1");
        template.put("offsets.topic.replication.factor", "1");
        template.put("transaction.state.log.replication.factor", "1");
        template.put("transaction.state.log.min.isr", "1");
        template.put("log.flush.interval.messages", "10000");
        template.put("log.flush.interval.ms", "1000");
        template.put("log.retention.hours", "168");
        template.put("log.retention.bytes", "1073741824");
        template.put("log.segment.bytes", "1073741824");
        template.put("log.retention.check.interval.ms", "300000");
        template.put("zookeeper.connect", "localhost:2181");
        template.put("zookeeper.connection.timeout.ms", "18000");
        template.put("group.initial.rebalance.delay.ms", "0");
        template.put("listeners", "PLAINTEXT://:9092");
        template.put("advertised.listeners", "PLAINTEXT://your.host.name:9092");

        assertThat(BrokerConfig.of(template).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "log.segmnet.bytes, log.segment.bytes",
        "num.io.thread, num.io.threads",
        "auto.create.topic.enable, auto.create.topics.enable",
        "min.in.sync.replicas, min.insync.replicas",
        "retention.ms, log.retention.ms",
        "advertized.listeners, advertised.listeners",
        "confluent.metrics.reporter.topic,",
        "log4j.appender.stdout,",
    })
    void anUnknownNameIsOneWarningWithTheNameThatIsMeant(String name, String meant) {
        assertThat(BrokerConfig.of(Map.of(name, "1")).warnings())
                .containsExactly("Unknown setting " + name + " is ignored"
                        + (meant == null ? "" : "; did you mean " + meant + "?"));
    }

    @Test
    void whatHasNoEffectIsOneWarningAndItsDefaultNone() {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "metric.reporters", "org.example.Reporter",
                "inter.broker.protocol.version", "3.9-IV0",
                "connection.failed.authentication.delay.ms", "50",
                "num.io.threads", "2"));

        config.requireServed();
        assertThat(config.warnings()).containsExactly("Nothing comes of these settings here: metric.reporters");
    }

    @Test
    void anOlderRecordFormatIsTakenAndSaidToHaveNoEffect() {
        assertThat(BrokerConfig.of(Map.of("log.message.format.version", "0.10.2"))
                        .warnings())
                .containsExactly(
                        "log.message.format.version=0.10.2 has no effect: records are written in format 2 all the"
                                + " same, and converted for clients that do not know it");
        for (String now : List.of("0.11.0.3", "2.8-IV1", "3.9")) {
            assertThat(BrokerConfig.of(Map.of("log.message.format.version", now))
                            .warnings())
                    .isEmpty();
        }
        BrokerConfig config = BrokerConfig.of(
                Map.of("log.message.format.version", "0.9.0", "inter.broker.protocol.version", "0.9.0.1"));
        assertThat(config.warnings()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"junk, 3.9", "2.9, 3.9", "0.11.0, 0.10.2", "3.0-IV1, 0.9.0", "0.10.0, 0.8.2", "3.0, 4.0", "0.9.0, 0.9"})
    void versionsThatThereAreNotAndFormatsThatBrokersCouldNotSpeakOfAreRefused(String stored, String spoken) {
        Map<String, String> given =
                Map.of("log.message.format.version", stored, "inter.broker.protocol.version", spoken);
        assertThatThrownBy(() -> BrokerConfig.of(given))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(".version");
    }

    @ParameterizedTest
    @CsvSource({
        "principal.builder.class, org.example.Builder",
        "ssl.engine.factory.class, org.example.Engines",
        "sasl.login.class, org.example.Login",
        "create.topic.policy.class.name, org.example.Policy",
        "alter.config.policy.class.name, org.example.Policy",
        "client.quota.callback.class, org.example.Quotas",
        "listener.name.external.ssl.secure.random.implementation, hunter2",
        "listener.name.external.plain.sasl.client.callback.handler.class, org.example.Callbacks",
    })
    void whoAsksForProtectionThatThereIsNotIsRefusedWithoutShowingSecrets(String name, String value) {
        BrokerConfig config = BrokerConfig.of(Map.of(name, value));

        assertThatThrownBy(config::requireServed)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("This broker does not do what these settings ask for")
                .hasMessageContaining(name)
                .message()
                .doesNotContain(value)
                .doesNotContain("\n");
    }

    @Test
    void theAuthorizerOfKafkaWithZooKeeperIsOursUnderBothItsNamesAndAnyOtherIsRefused() {
        for (String name :
                new String[] {"kafka.security.authorizer.AclAuthorizer", "kafka.security.auth.SimpleAclAuthorizer"}) {
            BrokerConfig.of(Map.of("authorizer.class.name", name, "super.users", "User:alice"))
                    .requireServed();
        }
        assertThatThrownBy(() -> BrokerConfig.of(Map.of("authorizer.class.name", "org.example.Authorizer")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("authorizer.class.name")
                .hasMessageContaining("org.example.Authorizer")
                .hasMessageContaining("kafka.security.authorizer.AclAuthorizer");
    }

    @Test
    void securitySettingsAtTheirDefaultsOrEmptyAskForNothing() {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "authorizer.class.name", "",
                "ssl.endpoint.identification.algorithm", "",
                "ssl.client.auth", "none",
                "sasl.enabled.mechanisms", "GSSAPI",
                "zookeeper.set.acl", "false",
                "security.inter.broker.protocol", "PLAINTEXT"));

        config.requireServed();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theSettingsOfAProcessInKraftModeAreNamedForWhatTheyAre() {
        Map<String, String> kraft = new HashMap<>();
        kraft.put("process.roles", "broker,controller");
        kraft.put("node.id", "1");
        kraft.put("controller.quorum.voters", "1@localhost:9093");
        kraft.put("controller.listener.names", "CONTROLLER");
        kraft.put("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093");
        kraft.put("log.dirs", "/tmp/kraft-combined-logs");

        assertThatThrownBy(() -> BrokerConfig.of(kraft))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "process.roles is of Kafka's KRaft mode, in which brokers and controllers are roles of a process;"
                                + " this broker is coordinated as in ZooKeeper mode. Remove controller.listener.names,"
                                + " controller.quorum.voters, process.roles, and CONTROLLER from listeners and advertised.listeners;"
                                + " node.id may stay. One broker needs nothing in their place, several need zookeeper.connect");
    }

    @Test
    void changesAreWhatIsNotTheDefaultWithoutSecrets() {
        assertThat(BrokerConfig.of(Map.of(
                                "num.io.threads", "2",
                                "num.network.threads", "3",
                                "log.cleanup.policy", " delete ",
                                "ssl.key.password", "hunter2",
                                "unknown.password", "hunter2"))
                        .changes())
                .containsExactly(Map.entry("num.io.threads", "2"), Map.entry("ssl.key.password", "[hidden]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num.network.threads|0|a 32-bit integer of at least 1",
                "num.io.threads|many|a 32-bit integer of at least 1",
                "log.segment.bytes|2147483648|a 32-bit integer of at least 14",
                "auto.create.topics.enable|yes|true or false",
                "log.message.timestamp.type|Now|text of CreateTime, LogAppendTime",
                "log.cleanup.policy|compact,shred|a comma-separated list of compact, delete",
                "log.cleaner.min.cleanable.ratio|1.5|a number from 0 to 1",
                "offsets.topic.replication.factor|70000|a 16-bit integer of at least 1",
                "log.retention.ms|0|a number of at least 1, or -1 for ever",
                "broker.id|1001|at most reserved.broker.max.id, which is 1000",
                "queued.max.request.bytes|5|at least socket.request.max.bytes, which is 104857600, or -1",
                "group.min.session.timeout.ms|1800001|at most group.max.session.timeout.ms, which is 1800000",
                "max.connections.per.ip.overrides|10.0.0.1|items of the form address:number",
                "quota.window.num|2147483647|a 32-bit integer from 1 to 1000",
                "log.dirs|,|at least one folder",
                "log.dirs|/a,/b,/a|each folder once",
            })
    void aBadValueNamesKeyValueAndWhatIsAllowed(String name, String value, String allowed) {
        assertThatThrownBy(() -> BrokerConfig.of(Map.of(name, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Bad value for " + name + ": '" + value + "', expected " + allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAINTEXT:9092",
                "PLAINTEXT://localhost",
                "PLAINTEXT://localhost:port",
                "PLAINTEXT://localhost:70000",
                "PLAINTEXT://::1:9092",
                "UNMAPPED://localhost:9092",
                "PLAINTEXT://a:1,PLAINTEXT://b:2",
                "PLAINTEXT://a:1,SSL://b:1",
                "PLAINTEXT://127.0.0.1:1,SSL://127.0.0.2:1",
                "PLAINTEXT://127.0.0.1:1,SSL://b:1",
                "PLAINTEXT://127.0.0.1:1,SSL://[::1]:1,SASL_SSL://[::2]:1",
                "PLAINTEXT://0.0.0.0:9092",
            })
    void aListenerThatCannotBeServedIsRefused(String listeners) {
        assertThatThrownBy(() -> BrokerConfig.of(Map.of("listeners", listeners)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listeners: '");
    }

    @Test
    void anAdvertisedListenerNeedsAListener() {
        assertThatThrownBy(() -> BrokerConfig.of(
                        Map.of("listeners", "PLAINTEXT://:9092", "advertised.listeners", "SSL://example.com:9093")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "Bad value for advertised.listeners: 'SSL://example.com:9093', expected only names that are in"
                                + " listeners: [PLAINTEXT://:9092]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOPE", "in"})
    void theControlPlaneHasAListenerOfItsOwn(String name) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "listeners", "IN://localhost:9092,CONTROL://localhost:9093",
                "listener.security.protocol.map", "IN:PLAINTEXT,CONTROL:PLAINTEXT",
                "inter.broker.listener.name", "IN"));
        settings.put("control.plane.listener.name", "control");
        assertThat(BrokerConfig.of(settings).listeners().interBrokerName()).isEqualTo("IN");
        settings.put("control.plane.listener.name", name);
        assertThatThrownBy(() -> BrokerConfig.of(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "Bad value for control.plane.listener.name: '" + name.toUpperCase(Locale.ROOT) + "'");
    }

    @Test
    void listenersAreReadWithTheirProtocolsAndAdvertisedForms() {
        ListenerConfig listeners = BrokerConfig.of(Map.of(
                        "listeners", "outside://0.0.0.0:9092,INSIDE://[::1]:9093",
                        "listener.security.protocol.map", "OUTSIDE:PLAINTEXT,INSIDE:PLAINTEXT",
                        "advertised.listeners", "OUTSIDE://example.com:19092",
                        "inter.broker.listener.name", "INSIDE"))
                .listeners();

        assertThat(listeners.listeners())
                .containsExactly(
                        new Listener("OUTSIDE", "0.0.0.0", 9092, "PLAINTEXT"),
                        new Listener("INSIDE", "::1", 9093, "PLAINTEXT"));
        assertThat(listeners.advertised())
                .containsExactly(
                        new Listener("OUTSIDE", "example.com", 19092, "PLAINTEXT"),
                        new Listener("INSIDE", "::1", 9093, "PLAINTEXT"));
        assertThat(listeners.interBrokerName()).isEqualTo("INSIDE");
    }

    @Test
    void anIpv4AndAnIpv6AddressMayShareAPort() {
        ListenerConfig listeners = BrokerConfig.of(
                        Map.of("listeners", "PLAINTEXT://127.0.0.1:9092,SSL://[::1]:9092,SASL_SSL://b:9093"))
                .listeners();
        assertThat(listeners.listeners()).extracting(Listener::port).containsExactly(9092, 9092, 9093);
    }

    @Test
    void theOldPortAndHostNameMakeAListener() {
        assertThat(BrokerConfig.of(Map.of("port", "9999", "host.name", "localhost", "advertised.port", "1234"))
                        .listeners())
                .isEqualTo(new ListenerConfig(
                        List.of(new Listener("PLAINTEXT", "localhost", 9999, "PLAINTEXT")),
                        List.of(new Listener("PLAINTEXT", "localhost", 1234, "PLAINTEXT")),
                        "PLAINTEXT"));
    }

    @Test
    void theListingShowsSourcesAndHidesSecrets() {
        List<ConfigEntry> entries = BrokerConfig.of(Map.of("num.io.threads", "4", "ssl.key.password", "secret"))
                .entries();

        assertThat(entries).hasSameSizeAs(SettingTable.broker().all());
        assertThat(entries)
                .contains(
                        new ConfigEntry(
                                "num.io.threads",
                                "4",
                                ConfigSource.STATIC_BROKER_CONFIG,
                                SettingType.INT,
                                "Partition owner loops; each partition belongs to one of them",
                                false,
                                true,
                                List.of(
                                        new Synonym("num.io.threads", "4", ConfigSource.STATIC_BROKER_CONFIG),
                                        new Synonym("num.io.threads", "8", ConfigSource.DEFAULT_CONFIG))),
                        new ConfigEntry(
                                "ssl.key.password",
                                null,
                                ConfigSource.STATIC_BROKER_CONFIG,
                                SettingType.PASSWORD,
                                "The key's password",
                                true,
                                true,
                                List.of(new Synonym("ssl.key.password", null, ConfigSource.STATIC_BROKER_CONFIG))));
    }

    @Test
    void settingsOfOneMeaningAreSynonymsFromTheStrongestOn() {
        BrokerConfig config = BrokerConfig.of(Map.of("log.retention.ms", "5", "log.retention.hours", "24"));

        assertThat(synonyms(config, "log.retention.ms"))
                .containsExactly(
                        new Synonym("log.retention.ms", "5", ConfigSource.STATIC_BROKER_CONFIG),
                        new Synonym("log.retention.hours", "24", ConfigSource.STATIC_BROKER_CONFIG),
                        new Synonym("log.retention.hours", "168", ConfigSource.DEFAULT_CONFIG));
        assertThat(synonyms(config, "log.retention.minutes")).isEmpty();
        assertThat(synonyms(config, "log.roll.hours"))
                .containsExactly(new Synonym("log.roll.hours", "168", ConfigSource.DEFAULT_CONFIG));
    }

    private static List<Synonym> synonyms(BrokerConfig config, String name) {
        for (ConfigEntry entry : config.entries()) {
            if (entry.name().equals(name)) {
                return entry.synonyms();
            }
        }
        throw new AssertionError("There is no setting " + name);
    }

    @Test
    void aRefusedSecretIsNotShown() {
        Setting secret = new Setting("x", SettingType.PASSWORD, null, Allowed.oneOf("a"), "doc", Effect.SERVED);

        assertThatThrownBy(() -> secret.parse("hunter2")).hasMessageContaining("[hidden]");
    }
}
