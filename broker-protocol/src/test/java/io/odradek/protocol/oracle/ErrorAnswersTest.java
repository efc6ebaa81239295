package io.odradek.protocol.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateDelegationTokenRequest;
import io.odradek.protocol.api.DescribeUserScramCredentialsRequest;
import io.odradek.protocol.errors.ErrorCode;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Error answers to requests of every declared version, against those of Apache Kafka 3.9.2, and of 4.4.0 for what is newer. */
class ErrorAnswersTest {
    private static final int ROUNDS = 20;
    private static final ErrorCode ERROR = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
    private static final String MESSAGE = "not for you";

    private final Random random = Seed.random("ErrorAnswersTest");
    private final KafkaMessages newest = KafkaMessages.newest();
    private final KafkaMessages older = KafkaMessages.older();

    ErrorAnswersTest() throws Exception {}

    @TestFactory
    List<DynamicTest> anErrorAnswerSaysOfEveryElementWhatThatOfKafkaSays() throws Exception {
        List<DeclaredMessage> all = DeclaredMessage.all();
        List<DynamicTest> tests = new ArrayList<>();
        for (DeclaredMessage request : all) {
            String responseName = request.name().replace("Request", "Response");
            for (DeclaredMessage response : all) {
                if (ApiRequest.class.isAssignableFrom(request.type())
                        && response.name().equals(responseName)) {
                    tests.add(DynamicTest.dynamicTest(request.name(), () -> checkAllVersions(request, response)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private void checkAllVersions(DeclaredMessage request, DeclaredMessage response) throws Exception {
        for (short version = request.minVersion(); version <= request.maxVersion(); version++) {
            KafkaMessages kafka = older.schema(request.name(), version) == null ? newest : older;
            KafkaRandomMessages theirs = new KafkaRandomMessages(kafka, random);
            RandomMessages ours = new RandomMessages(random);
            for (int round = 0; round < ROUNDS; round++) {
                // Kafka fails at a Produce with null for records, which may be among its own random ones.
                byte[] bytes = request.name().equals("ProduceRequest")
                                || request.name().endsWith("AclsRequest")
                        ? request.encode(KnownAcls.in(ours.next(request.type())), version)
                        : theirs.next(request.name(), version);
                check((ApiRequest) request.decode(bytes, version), bytes, response, kafka, version);
            }
        }
    }

    private void check(ApiRequest request, byte[] bytes, DeclaredMessage response, KafkaMessages kafka, short version)
            throws Exception {
        if (request instanceof DescribeUserScramCredentialsRequest scram && scram.users() == null) {
            return; // Kafka fails at it
        }
        if (request instanceof CreateDelegationTokenRequest && version >= 3) {
            return; // Kafka says that somebody anonymous has asked
        }
        ApiKey api = ApiCodecs.key(request);
        Object exception = kafka.type("errors.ClusterAuthorizationException")
                .getConstructor(String.class)
                .newInstance(MESSAGE);
        Object kafkas = kafka.errorAnswer(api.key(), version, bytes, exception);
        if (kafkas == null) {
            return; // a Produce with acks=0
        }

        byte[] answer = response.encode(ApiCodecs.errorResponse(api, version, request, ERROR, MESSAGE), version);

        byte[] kafkasAnswer = kafka.encode(data(kafkas), version);
        String what = response.name() + " " + version + " to " + request;
        SaidErrors said = SaidErrors.of(response.decode(answer, version));
        SaidErrors saidByKafka = SaidErrors.of(response.decode(kafkasAnswer, version));
        assertThat(said.withoutRepetition()).as(what).isEqualTo(saidByKafka.withoutRepetition());
        if (!saidByKafka.messages().isEmpty()) {
            assertThat(said.messages()).as(what).isNotEmpty().containsOnly(MESSAGE);
        }
        if (!said.repeats()) { // of what is named twice, some of Kafka's answers speak once
            assertThat(errorCounts(kafka.answer(api.key(), version, answer)))
                    .as(what)
                    .isEqualTo(errorCounts(kafka.answer(api.key(), version, kafkasAnswer)));
        }
    }

    @Test
    void anAnswerToARequestThatCouldNotBeReadHasAnErrorOfItsOwnOrNoElements() throws Exception {
        for (ApiKey api : ApiKey.values()) {
            if (!ApiCodecs.declares(api)) {
                continue;
            }
            for (short version = ApiCodecs.minVersion(api); version <= ApiCodecs.maxVersion(api); version++) {
                ApiResponse answer = ApiCodecs.errorResponse(api, version, null, ERROR, MESSAGE);

                SaidErrors said = SaidErrors.of(answer);
                assertThat(said.elements()).as("%s %d", api, version).isZero();
                assertThat(said.ofItsOwn() != null || !ApiCodecs.hasErrorOfItsOwn(api, version))
                        .as("%s %d", api, version)
                        .isTrue();
            }
        }
    }

    private static Object data(Object response) throws ReflectiveOperationException {
        return response.getClass().getMethod("data").invoke(response);
    }

    /** {@return how often each error is said; empty if Kafka cannot tell, as all types of resources that it does not know are one to it} */
    private static Optional<Object> errorCounts(Object response) throws ReflectiveOperationException {
        try {
            return Optional.of(response.getClass().getMethod("errorCounts").invoke(response));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalStateException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
