package io.odradek.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.dynamic.ClientEntity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AddressRatesTest {
    private static final long MS = 1_000_000;
    private static final QuotaSpan SPAN = new QuotaSpan(11, 1_000);

    private final InetAddress one = address(1);
    private final InetAddress other = address(2);
    private final AddressRates rates = new AddressRates(SPAN, 3, this::lookUp, Runnable::run);
    private long nowNs = 5_000 * MS;

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private InetAddress lookUp(String host) {
        return switch (host) {
            case "10.0.0.1", "host-of-one" -> one;
            default -> null;
        };
    }

    private void set(String ip, String rate) {
        SortedMap<String, String> settings = new TreeMap<>();
        if (rate != null) {
            settings.put("connection_creation_rate", rate);
        }
        rates.changed(new ClientEntity(null, null, ip), settings);
    }

    /** {@return how many come at once before one has to rest} */
    private int served(InetAddress address) {
        int served = 0;
        while (served < 1_000 && rates.restMs(address, nowNs) == 0) {
            served++;
        }
        return served;
    }

    @Test
    void anAddressIsServedAtItsRateAndWhatItDidNotUse() {
        set("10.0.0.1", "2");

        assertThat(served(one)).isEqualTo(20);
        assertThat(rates.restMs(one, nowNs)).isEqualTo(500);
        nowNs += 400 * MS;
        assertThat(rates.restMs(one, nowNs)).isEqualTo(100);
        nowNs += 100 * MS;
        assertThat(served(one)).isEqualTo(1);
        nowNs += 60_000 * MS;
        assertThat(served(one)).isEqualTo(20);
        assertThat(served(other)).isEqualTo(1_000);
    }

    @Test
    void othersHaveTheRateOfAllEachForItself() {
        set(ClientEntity.DEFAULT, "1");
        set("10.0.0.1", "3");

        assertThat(served(one)).isEqualTo(30);
        assertThat(served(other)).isEqualTo(10);
        assertThat(served(address(3))).isEqualTo(10);
    }

    @Test
    void aRateOfZeroServesNobody() {
        set(ClientEntity.DEFAULT, "0");

        assertThat(rates.restMs(one, nowNs)).isEqualTo(11_000);
    }

    @Test
    void aHostIsWhatItsNameIsLookedUpAs() {
        set("host-of-one", "1");
        set("nowhere", "1");

        assertThat(served(one)).isEqualTo(10);
        assertThat(served(other)).isEqualTo(1_000);
    }

    @Test
    void nothingIsAnyMoreWhenAllIsTakenAway() {
        assertThat(rates.any()).isFalse();
        set("10.0.0.1", "1");
        set(ClientEntity.DEFAULT, "1");
        assertThat(rates.any()).isTrue();
        set("10.0.0.1", null);
        assertThat(rates.any()).isTrue();
        set(ClientEntity.DEFAULT, null);
        assertThat(rates.any()).isFalse();
    }

    @Test
    void whatIsNoNumberIsNoRate() {
        set("10.0.0.1", "many");

        assertThat(rates.any()).isFalse();
    }

    @Test
    void settingsOfUsersAreNotItsAffair() {
        rates.changed(ClientEntity.ofUser("alice"), new TreeMap<>(Map.of("connection_creation_rate", "1")));

        assertThat(rates.any()).isFalse();
    }

    @Test
    void whoHasNotComeForLongestIsForgotten() {
        set(ClientEntity.DEFAULT, "1");
        served(one);
        for (int last = 2; last <= 4; last++) {
            assertThat(rates.restMs(address(last), nowNs)).isZero();
        }

        assertThat(served(one)).isEqualTo(10);
    }

    @Test
    void nobodyWaitsForTheLookUpOfAnAddressButOfAHost() {
        List<Runnable> queued = new ArrayList<>();
        AddressRates asked = new AddressRates(SPAN, 3, this::lookUp, queued::add);
        SortedMap<String, String> none = new TreeMap<>(Map.of("connection_creation_rate", "0"));

        asked.changed(new ClientEntity(null, null, "host-of-one"), none);
        assertThat(asked.restMs(one, nowNs)).isZero();
        asked.changed(new ClientEntity(null, null, "10.0.0.1"), none);
        assertThat(asked.restMs(one, nowNs)).isPositive();
        asked.changed(new ClientEntity(null, null, "300.0.0.1"), none);
        asked.changed(new ClientEntity(null, null, "::1"), none);
        assertThat(queued).hasSize(2);
    }
}
