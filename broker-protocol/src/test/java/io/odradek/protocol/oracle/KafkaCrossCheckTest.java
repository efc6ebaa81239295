package io.odradek.protocol.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every version of every declared message, against the message classes of Apache Kafka 4.4.0 and 3.9.2. */
class KafkaCrossCheckTest {
    private static final int ROUNDS = 10;

    private final Random random = Seed.random("KafkaCrossCheckTest");
    private final KafkaMessages newest = KafkaMessages.newest();
    private final KafkaMessages older = KafkaMessages.older();

    KafkaCrossCheckTest() throws Exception {}

    @Test
    void everyDeclaredVersionIsKnownToOneOfTheTwoKafkas() throws Exception {
        List<String> unknown = new ArrayList<>();
        for (DeclaredMessage message : DeclaredMessage.all()) {
            for (short version = message.minVersion(); version <= message.maxVersion(); version++) {
                if (newest.schema(message.name(), version) == null && older.schema(message.name(), version) == null) {
                    unknown.add(message.name() + " " + version);
                }
            }
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void headerVersionsAreThoseOfKafka() throws Exception {
        for (ApiKey api : ApiKey.values()) {
            for (short version = 0; ApiCodecs.declares(api) && version <= ApiCodecs.maxVersion(api); version++) {
                boolean known = false;
                for (KafkaMessages kafka : List.of(newest, older)) {
                    short kafkas = kafka.requestHeaderVersion(api.key(), version);
                    if (kafkas >= 0) {
                        known = true;
                        assertThat(ApiCodecs.requestHeaderVersion(api, version))
                                .as("request %s %d", api, version)
                                .isEqualTo(kafkas);
                        assertThat(ApiCodecs.responseHeaderVersion(api, version))
                                .as("response %s %d", api, version)
                                .isEqualTo(kafka.responseHeaderVersion(api.key(), version));
                    }
                }
                assertThat(known).as("%s %d", api, version).isTrue();
            }
        }
    }

    @TestFactory
    List<DynamicTest> bytesWrittenByKafkaAreReadAndWrittenBackTheSame() throws Exception {
        Map<KafkaMessages, SameContent> contents = Map.of(newest, new SameContent(), older, new SameContent());
        Map<KafkaMessages, KafkaRandomMessages> sources =
                Map.of(newest, new KafkaRandomMessages(newest, random), older, new KafkaRandomMessages(older, random));
        List<DynamicTest> tests = forEachMessage((message, kafka, version) -> {
            byte[] bytes = sources.get(kafka).next(message.name(), version);

            Object decoded = message.decode(bytes, version);

            assertThat(message.encode(decoded, version)).isEqualTo(bytes);
            Object kafkas = kafka.decode(message.name(), bytes, version);
            contents.get(kafka).assertSame(decoded, kafkas, message.name());
        });
        tests.add(DynamicTest.dynamicTest("every component has its name from Kafka", () -> {
            Set<String> missing = new TreeSet<>(contents.get(newest).missing());
            missing.retainAll(contents.get(older).missing());
            assertThat(missing).isEmpty();
        }));
        return tests;
    }

    @TestFactory
    List<DynamicTest> messagesWrittenHereAreReadByKafkaAndWrittenBackTheSame() throws Exception {
        RandomMessages messages = new RandomMessages(random);
        return forEachMessage((message, kafka, version) -> {
            byte[] bytes = message.encode(messages.next(message.type()), version);

            Object decoded = kafka.decode(message.name(), bytes, version);

            assertThat(kafka.encode(decoded, version)).isEqualTo(bytes);
        });
    }

    private interface Check {
        void run(DeclaredMessage message, KafkaMessages kafka, short version) throws Exception;
    }

    private List<DynamicTest> forEachMessage(Check check) throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (DeclaredMessage message : DeclaredMessage.all()) {
            tests.add(DynamicTest.dynamicTest(message.name(), () -> checkAllVersions(message, check)));
        }
        return tests;
    }

    private void checkAllVersions(DeclaredMessage message, Check check) throws Exception {
        for (short version = message.minVersion(); version <= message.maxVersion(); version++) {
            for (KafkaMessages kafka : List.of(newest, older)) {
                for (int round = 0; round < ROUNDS && kafka.schema(message.name(), version) != null; round++) {
                    check.run(message, kafka, version);
                }
            }
        }
    }
}
