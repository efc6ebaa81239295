package io.odradek.server.metrics;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's meters as MBeans, under the names of Kafka's. There are none until the JVM has an MBean server, which is when an
 * agent for JMX is loaded (at the start, or later by {@code jconsole} and the like): where nobody can look, nothing is
 * registered. From then on what comes and goes is registered and forgotten at the next {@link #look}.
 *
 * <p>Not thread-safe.
 */
final class KafkaBeans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBeans.class);

    private final BrokerMeters meters;
    private final Map<Shown, Registered> registered = new HashMap<>();
    private MBeanServer server;
    private long seenChanges = -1;
    /** What has come since the last look had counted nothing then; the rates of its first events are not to be missed. */
    private long lastLookNs;

    /** @param tags {@link Tags#NONE} also for the total */
    private record Shown(KafkaName name, Tags tags) {}

    /**
     * @param name null if another one had the name
     * @param of what it shows, null of the total
     */
    private record Registered(ObjectName name, KafkaBean bean, Series of) {}

    KafkaBeans(BrokerMeters meters) {
        this.meters = meters;
        lastLookNs = meters.startNs();
    }

    /** To be called every few seconds: registers what has come, forgets what has gone, and has rates look at their counts. */
    void look() {
        if (server == null) {
            List<MBeanServer> servers = MBeanServerFactory.findMBeanServer(null);
            if (servers.isEmpty()) {
                return;
            }
            server = servers.get(0);
        }
        long changes = meters.changes();
        if (changes != seenChanges) {
            seenChanges = changes;
            agree();
        }
        lastLookNs = meters.clock().monotonicNs();
        for (Registered one : registered.values()) {
            one.bean().look();
        }
    }

    private void agree() {
        Map<Shown, Registered> gone = new HashMap<>(registered);
        for (KafkaName name : KafkaNames.all()) {
            Family family = meters.named(name.meter());
            if (name.total()) {
                Shown total = new Shown(name, Tags.NONE);
                gone.remove(total);
                if (!registered.containsKey(total)) {
                    register(total, KafkaBean.ofTotal(name, meters.clock(), lastLookNs, () -> total(name)), null);
                }
            }
            if (family == null) {
                continue;
            }
            for (Map.Entry<Tags, Series> one : family.all().entrySet()) {
                Shown shown = new Shown(name, one.getKey());
                gone.remove(shown);
                show(shown, one.getValue());
            }
        }
        gone.forEach((shown, one) -> {
            unregister(one);
            registered.remove(shown);
        });
    }

    /** What went and came back since the last look is another series of the same name. A total has no series of its own. */
    private void show(Shown shown, Series series) {
        Registered known = registered.get(shown);
        if (known != null) {
            if (known.of() == null || known.of() == series) {
                return;
            }
            unregister(known);
        }
        register(shown, KafkaBean.of(shown.name(), meters.clock(), lastLookNs, series), series);
    }

    private long total(KafkaName name) {
        Family family = meters.named(name.meter());
        return family == null ? 0 : family.total();
    }

    private void register(Shown shown, KafkaBean bean, Series of) {
        ObjectName name = null;
        try {
            name = new ObjectName(shown.name().objectName(shown.tags()));
            server.registerMBean(bean, name);
        } catch (InstanceAlreadyExistsException taken) {
            LOG.debug("MBean {} is somebody else's", name);
            name = null;
        } catch (JMException refused) {
            LOG.warn("MBean {} cannot be registered: {}", name, refused.toString());
            name = null;
        }
        registered.put(shown, new Registered(name, bean, of));
    }

    private void unregister(Registered one) {
        if (one.name() == null) {
            return;
        }
        try {
            server.unregisterMBean(one.name());
        } catch (JMException gone) {
            LOG.debug("MBean {} was gone already", one.name());
        }
    }

    /** Leaves no MBean behind. */
    @Override
    public void close() {
        for (Iterator<Registered> all = registered.values().iterator(); all.hasNext(); ) {
            unregister(all.next());
            all.remove();
        }
    }
}
