package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.AlterClientQuotasResponse;
import io.odradek.protocol.api.DescribeClientQuotasRequest;
import io.odradek.protocol.api.DescribeClientQuotasRequest.ComponentData;
import io.odradek.protocol.api.DescribeClientQuotasResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Quotas that there cannot be, and questions that ask for nothing. */
@Timeout(120)
class QuotaErrorsTest {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte ANY = 2;
    private static final String BYTES = "producer_byte_rate";
    private static final String PERCENT = "request_percentage";
    private static final String CONNECTIONS = "connection_creation_rate";

    private static ErrorsBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start();
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    /** @param parts types and names in turn */
    private static List<EntityData> entity(String... parts) {
        List<EntityData> entity = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            entity.add(new EntityData(parts[i], parts[i + 1]));
        }
        return entity;
    }

    private static EntryData set(List<EntityData> entity, String key, double value) {
        return new EntryData(entity, List.of(new OpData(key, value, false)));
    }

    private static AlterClientQuotasRequest alter(EntryData... entries) {
        return new AlterClientQuotasRequest(List.of(entries), false);
    }

    private static void refuses(List<EntityData> entity, String key, double value) throws IOException {
        bed.expect(alter(set(entity, key, value)), 0, INVALID_REQUEST);
        bed.expect(alter(set(entity, key, value)), 1, INVALID_REQUEST);
    }

    private static void takes(List<EntityData> entity, String key, double value) throws IOException {
        bed.expect(alter(set(entity, key, value)), 1);
    }

    private static DescribeClientQuotasRequest describe(boolean strict, ComponentData... components) {
        return new DescribeClientQuotasRequest(List.of(components), strict);
    }

    private static ComponentData part(String type, byte match, String name) {
        return new ComponentData(type, match, name);
    }

    /** {@return what is set, such as {@code user=alice client-id=null producer_byte_rate=5.0}} */
    private static Set<String> described(boolean strict, ComponentData... components) throws IOException {
        DescribeClientQuotasResponse answer =
                bed.ask(describe(strict, components), 1, DescribeClientQuotasResponse.class);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE);
        Set<String> described = new TreeSet<>();
        for (DescribeClientQuotasResponse.EntryData entry : answer.entries()) {
            StringBuilder line = new StringBuilder();
            entry.entity()
                    .forEach(part -> line.append(part.entityType() + "=" + part.entityName())
                            .append(' '));
            entry.values().stream()
                    .map(value -> value.key() + "=" + value.value() + " ")
                    .sorted()
                    .forEach(line::append);
            described.add(line.toString().strip());
        }
        return described;
    }

    @Test
    void quotasOfNobody() throws IOException {
        refuses(entity(), BYTES, 1);
        refuses(entity("user", ""), BYTES, 1);
        refuses(entity("client-id", ""), BYTES, 1);
        refuses(entity("ip", ""), CONNECTIONS, 1);
        refuses(entity("group", "g"), BYTES, 1);
        refuses(entity("", "g"), BYTES, 1);
        refuses(entity("user", "u", "ip", "10.0.0.1"), BYTES, 1);
        refuses(entity("client-id", "c", "ip", "10.0.0.1"), CONNECTIONS, 1);
        refuses(entity("ip", "10.0.0.256"), CONNECTIONS, 1);
        refuses(entity("ip", "nowhere.invalid"), CONNECTIONS, 1);
        refuses(entity("ip", "::1"), CONNECTIONS, 1);
        refuses(entity("ip", "<default>"), CONNECTIONS, 1);
        takes(entity("ip", "localhost"), CONNECTIONS, 1);
        takes(entity("ip", "10.1"), CONNECTIONS, 1);
        takes(entity("user", "..."), BYTES, 1);
        bed.expectHere(alter(set(entity("user", ".."), BYTES, 1)), 1, INVALID_REQUEST);
        bed.expectHere(alter(set(entity("user", "u", "client-id", "."), BYTES, 1)), 1, INVALID_REQUEST);
    }

    @Test
    void quotasThatThereAreNot() throws IOException {
        refuses(entity("user", "u"), "", 1);
        refuses(entity("user", "u"), "producer_byte_rates", 1);
        refuses(entity("user", "u"), CONNECTIONS, 1);
        refuses(entity("ip", "10.0.0.1"), BYTES, 1);
        bed.expectHere(alter(set(entity("user", "u"), "SCRAM-SHA-256", 1)), 1, INVALID_REQUEST);
        bed.expect(
                new AlterClientQuotasRequest(
                        List.of(new EntryData(entity("user", "u"), List.of(new OpData("anything", 0, true)))), false),
                1);
    }

    @Test
    void valuesThatThereCannotBe() throws IOException {
        List<EntityData> user = entity("user", "values");
        for (double value : new double[] {-1, -0.5, 0.5, 1.00001, 1e19, Double.POSITIVE_INFINITY, -1e300}) {
            refuses(user, BYTES, value);
            refuses(entity("ip", "10.0.0.2"), CONNECTIONS, value);
        }
        refuses(entity("ip", "10.0.0.2"), CONNECTIONS, 1L << 31);
        for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.1}) {
            bed.expectHere(alter(set(user, PERCENT, value)), 1, INVALID_REQUEST);
            bed.expectHere(alter(set(user, "controller_mutation_rate", value)), 1, INVALID_REQUEST);
        }
        bed.expectHere(alter(set(user, BYTES, Double.NaN)), 1, INVALID_REQUEST);

        takes(user, BYTES, 0);
        takes(user, BYTES, 1.0000001);
        takes(user, "consumer_byte_rate", 1e18);
        takes(user, PERCENT, 0.5);
        takes(user, "controller_mutation_rate", 0);
        assertThat(described(true, part("user", EXACT, "values")))
                .containsExactly("user=values consumer_byte_rate=1.0E18 controller_mutation_rate=0.0"
                        + " producer_byte_rate=1.0 request_percentage=0.5");
    }

    @Test
    void aRefusedEntryChangesNothingAndHoldsUpNoOther() throws IOException {
        EntryData half = new EntryData(
                entity("user", "half"), List.of(new OpData(BYTES, 1, false), new OpData("anything", 1, false)));
        AlterClientQuotasRequest request = alter(
                half, set(entity("user", "whole"), BYTES, 2), set(entity("user", "whole", "user", "last"), BYTES, 3));

        AlterClientQuotasResponse answer = bed.ask(request, 1, AlterClientQuotasResponse.class);

        assertThat(answer.entries()).hasSize(3);
        assertThat(bed.errors(request, 1)).containsExactly(INVALID_REQUEST);
        assertThat(described(true, part("user", EXACT, "half"))).isEmpty();
        assertThat(described(true, part("user", EXACT, "whole"))).containsExactly("user=whole producer_byte_rate=2.0");
        assertThat(described(true, part("user", EXACT, "last"))).containsExactly("user=last producer_byte_rate=3.0");
    }

    @Test
    void whoIsNamedTwiceIsAnsweredOnceWithWhatBecameOfTheLast() throws IOException {
        AlterClientQuotasResponse answer = bed.ask(
                alter(
                        set(entity("user", "twice", "client-id", "c"), BYTES, 1),
                        set(entity("user", "twice", "client-id", "c"), PERCENT, 2),
                        set(entity("user", "twice", "client-id", "c"), "anything", 3)),
                0,
                AlterClientQuotasResponse.class);

        assertThat(answer.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.errorCode()).isEqualTo(INVALID_REQUEST));
        assertThat(described(true, part("user", EXACT, "twice"), part("client-id", ANY, null)))
                .containsExactly("user=twice client-id=c producer_byte_rate=1.0 request_percentage=2.0");
    }

    @Test
    void nothingIsStoredOfWhatIsOnlyTried() throws IOException {
        bed.expect(new AlterClientQuotasRequest(List.of(set(entity("user", "tried"), BYTES, 1)), true), 1);
        bed.expect(
                new AlterClientQuotasRequest(List.of(set(entity("user", "tried"), BYTES, 0.5)), true),
                1,
                INVALID_REQUEST);
        assertThat(described(true, part("user", EXACT, "tried"))).isEmpty();
    }

    @Test
    void questionsThatAskForNothing() throws IOException {
        ComponentData alice = part("user", EXACT, "alice");
        ComponentData any = part("client-id", ANY, null);
        ComponentData address = part("ip", DEFAULT, null);
        for (int version = 0; version <= 1; version++) {
            bed.expect(describe(false, alice, alice), version, INVALID_REQUEST);
            bed.expect(describe(false, any, any), version, INVALID_REQUEST);
            bed.expect(describe(true, address, address), version, INVALID_REQUEST);
            bed.expect(describe(false, alice, address), version, INVALID_REQUEST);
            bed.expect(describe(false, address, any), version, INVALID_REQUEST);
            bed.expect(describe(false, part("", EXACT, "x")), version, INVALID_REQUEST);
            bed.expect(describe(false, part("group", EXACT, "x")), version, UNSUPPORTED_VERSION);
            bed.expectHere(describe(false, part("user", EXACT, null)), version, INVALID_REQUEST);
            bed.expectHere(describe(false, part("user", (byte) 3, "x")), version, INVALID_REQUEST);
            bed.expectHere(describe(false, part("user", (byte) -1, "x")), version, INVALID_REQUEST);
        }
    }

    @Test
    void aFilterLetsThroughWhatItNamesAndWhatItDoesNotUnlessItIsStrict() throws IOException {
        takes(entity("client-id", null, "user", "f*lter"), BYTES, 1);
        takes(entity("user", "f*lter"), BYTES, 2);
        takes(entity("client-id", "filter +/ü"), BYTES, 3);
        takes(entity("ip", null), CONNECTIONS, 4);
        String both = "user=f*lter client-id=null producer_byte_rate=1.0";
        String user = "user=f*lter producer_byte_rate=2.0";
        String client = "client-id=filter +/ü producer_byte_rate=3.0";
        String ip = "ip=null connection_creation_rate=4.0";

        assertThat(described(false)).contains(both, user, client, ip);
        assertThat(described(true)).isEmpty();
        assertThat(described(false, part("user", EXACT, "f*lter"))).containsExactly(both, user);
        assertThat(described(true, part("user", EXACT, "f*lter"))).containsExactly(user);
        assertThat(described(false, part("user", ANY, "x")))
                .contains(both, user)
                .doesNotContain(client, ip);
        assertThat(described(false, part("client-id", DEFAULT, null))).containsExactly(both);
        assertThat(described(true, part("client-id", DEFAULT, null))).isEmpty();
        assertThat(described(true, part("client-id", DEFAULT, null), part("user", ANY, null)))
                .containsExactly(both);
        assertThat(described(true, part("client-id", EXACT, "filter +/ü"))).containsExactly(client);
        assertThat(described(false, part("ip", DEFAULT, null))).containsExactly(ip);
        assertThat(described(true, part("ip", ANY, null))).contains(ip).doesNotContain(user, client);
        assertThat(described(false, part("user", EXACT, "nobody"))).isEmpty();
    }
}
