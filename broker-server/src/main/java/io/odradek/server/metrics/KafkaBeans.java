package io.odradek.server.metrics;

import io.micrometer.core.instrument.Meter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
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

    private final BrokerRegistry registry;
    private final Map<Shown, Registered> registered = new HashMap<>();
    /** MBeans that have several of our meters as their attributes. */
    private final Map<ObjectName, KafkaBean> shared = new HashMap<>();

    private MBeanServer server;
    private long seenChanges = -1;
    /** A registry tells of a meter before it has it: after a change, one look more is taken. */
    private boolean changedLately;

    /** What has come since the last look had counted nothing then; the rates of its first events are not to be missed. */
    private long lastLookNs;

    /** @param meter null of the total */
    private record Shown(KafkaName name, Meter.Id meter) {}

    /**
     * @param name null if another one had the name
     * @param of what it shows, null of the total
     */
    private record Registered(ObjectName name, KafkaBean bean, Meter of) {}

    KafkaBeans(BrokerRegistry registry) {
        this.registry = registry;
        lastLookNs = registry.startNs();
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
        long changes = registry.changes();
        if (changes != seenChanges || changedLately) {
            changedLately = changes != seenChanges;
            seenChanges = changes;
            agree();
        }
        lastLookNs = registry.brokerClock().monotonicNs();
        for (Registered one : registered.values()) {
            one.bean().look();
        }
    }

    private void agree() {
        Map<String, List<Meter>> meters = registry.byName();
        Map<Shown, Registered> gone = new HashMap<>(registered);
        for (KafkaName name : KafkaNames.all()) {
            if (name.total()) {
                Shown total = new Shown(name, null);
                gone.remove(total);
                if (!registered.containsKey(total)) {
                    LongSupplier sum = () -> registry.total(name.meter());
                    register(total, KafkaBean.ofTotal(name, registry.brokerClock(), lastLookNs, sum), null);
                }
            }
            for (Meter meter : meters.getOrDefault(name.meter(), List.of())) {
                boolean isItsTotal = name.total()
                        && !meter.getId().getTagsAsIterable().iterator().hasNext();
                if (!isItsTotal) {
                    Shown shown = new Shown(name, meter.getId());
                    gone.remove(shown);
                    show(shown, meter);
                }
            }
        }
        gone.forEach((shown, one) -> {
            unregister(one);
            registered.remove(shown);
        });
    }

    /** What went and came back since the last look is another meter of the same name. */
    private void show(Shown shown, Meter meter) {
        Registered known = registered.get(shown);
        if (known != null) {
            if (known.of() == meter) {
                return;
            }
            unregister(known);
        }
        register(shown, KafkaBean.of(shown.name(), registry.brokerClock(), lastLookNs, meter), meter);
    }

    private void register(Shown shown, KafkaBean bean, Meter of) {
        ObjectName name = null;
        try {
            name = new ObjectName(shown.name().objectName(shown.meter()));
            if (shared.containsKey(name)) {
                shared.get(name).join(bean);
            } else {
                server.registerMBean(bean, name);
                if (shown.name().kind() == KafkaName.Kind.ATTRIBUTE) {
                    shared.put(name, bean);
                }
            }
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
        if (one.name() == null
                || shared.containsKey(one.name()) && !shared.get(one.name()).leave(one.bean())) {
            return;
        }
        shared.remove(one.name());
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
