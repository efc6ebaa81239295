package io.odradek.core.quota;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.config.dynamic.QuotaKey;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections a second an address may open (KIP-612): one that has a rate of its own, and each of all others. As with
 * Kafka, what was not used up in the span of the quota may come at once. Thread-safe.
 */
public final class AddressRates implements ClientConfigs.Room {
    private static final Logger LOG = LoggerFactory.getLogger(AddressRates.class);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MS = 1_000_000;
    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    /** What is no name of a host: of IP version 4, or with a colon, as only version 6 has it. */
    private static final Pattern ADDRESS = Pattern.compile(BYTE + "(\\." + BYTE + "){3}|.*:.*");

    private final QuotaSpan span;
    private final Function<String, InetAddress> lookUp;
    private final Executor blocking;
    private final Map<String, Integer> named = new HashMap<>();
    private final Map<String, InetAddress> addresses = new HashMap<>();
    private final Map<InetAddress, Integer> rates = new HashMap<>();
    /** When those that came lately will have paid for it. */
    private final Map<InetAddress, Long> paidNs;

    private int otherwise = UNLIMITED;
    private volatile boolean any;

    /**
     * Nothing is set so far.
     *
     * @param span what rates are reckoned over ({@code quota.window.*})
     * @param most of how many addresses it is known what they have had ({@code odradek.quota.clients.max}); the one that has not
     *     come for longest is forgotten
     * @param lookUp finds the address of a host, null if there is none; may block
     * @param blocking where that may be
     */
    public AddressRates(QuotaSpan span, int most, Function<String, InetAddress> lookUp, Executor blocking) {
        this.span = span;
        this.lookUp = lookUp;
        this.blocking = blocking;
        this.paidNs = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** {@return whether anything is set for any address} */
    public boolean any() {
        return any;
    }

    @Override
    public void changed(ClientEntity entity, SortedMap<String, String> settings) {
        if (entity.ip() == null) {
            return;
        }
        Integer rate = rate(entity, settings.get(QuotaKey.CONNECTION_CREATION_RATE.key()));
        if (entity.ip().equals(ClientEntity.DEFAULT)) {
            setOthers(rate);
            return;
        }
        synchronized (this) {
            if (rate == null) {
                named.remove(entity.ip());
                rates.remove(addresses.remove(entity.ip()));
                any = otherwise != UNLIMITED || !rates.isEmpty();
                return;
            }
            named.put(entity.ip(), rate);
        }
        // Nobody is asked for an address, so that whoever set its rate finds it in force.
        Executor where = ADDRESS.matcher(entity.ip()).matches() ? Runnable::run : blocking;
        where.execute(() -> found(entity.ip(), lookUp.apply(entity.ip())));
    }

    private synchronized void setOthers(Integer rate) {
        otherwise = rate == null ? UNLIMITED : rate;
        any = otherwise != UNLIMITED || !rates.isEmpty();
    }

    private synchronized void found(String name, InetAddress address) {
        Integer rate = named.get(name);
        if (address == null) {
            LOG.warn("There is a quota for {} at /config/ips, and no such address: nothing comes of it", name);
        } else if (rate != null) {
            addresses.put(name, address);
            rates.put(address, rate);
            any = true;
        }
    }

    private static Integer rate(ClientEntity entity, String text) {
        if (text == null) {
            return null;
        }
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException unreadable) {
            LOG.error("The quota at /config/{} is no number, and nothing comes of it", entity.path());
            return null;
        }
    }

    /**
     * Counts a connection that has come, unless it is one too many.
     *
     * @return 0 if it is to be served; else for how long it is to rest before it is closed, in milliseconds
     */
    public synchronized long restMs(InetAddress address, long nowNs) {
        int rate = rates.getOrDefault(address, otherwise);
        if (rate == UNLIMITED) {
            return 0;
        }
        if (rate == 0) {
            return span.wholeMs();
        }
        double burst = Math.max(1, span.leastSeconds() * rate);
        long eachNs = (long) (NANOS_PER_SECOND / rate);
        long afterNs = Math.max(paidNs.getOrDefault(address, Long.MIN_VALUE), nowNs) + eachNs;
        long tooSoonNs = afterNs - nowNs - (long) (burst * eachNs);
        if (tooSoonNs <= 0) {
            paidNs.put(address, afterNs);
            return 0;
        }
        return Math.min(span.wholeMs(), (tooSoonNs + NANOS_PER_MS - 1) / NANOS_PER_MS);
    }
}
