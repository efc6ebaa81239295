package io.odradek.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;

/** One of our meters as an MBean with the attributes that Kafka's have. It keeps nothing but rates, where it has some. */
final class KafkaBean implements DynamicMBean {
    /** Kafka's name of a percentile, and the share that it stands for. */
    private static final Map<String, Double> PERCENTILES = new LinkedHashMap<>();

    private static final double NS_PER_S = 1e9;

    static {
        PERCENTILES.put("50thPercentile", 0.5);
        PERCENTILES.put("75thPercentile", 0.75);
        PERCENTILES.put("95thPercentile", 0.95);
        PERCENTILES.put("98thPercentile", 0.98);
        PERCENTILES.put("99thPercentile", 0.99);
        PERCENTILES.put("999thPercentile", 0.999);
    }

    private static final MBeanInfo METER = info(true, false, false);
    private static final MBeanInfo HISTOGRAM = info(false, true, false);
    private static final MBeanInfo TIMER = info(true, true, true);
    private static final MBeanInfo GAUGE = new MBeanInfo(
            KafkaBean.class.getName(),
            null,
            new MBeanAttributeInfo[] {attribute("Value", Object.class.getName())},
            null,
            null,
            null);

    private final KafkaName name;
    private final Clock clock;
    private final Distribution distribution;
    private final LongSupplier number;
    private final Rates rates;
    /** Those that are attributes of the same MBean, itself among them; null where it is the whole of it. */
    private final List<KafkaBean> attributes;

    private KafkaBean(KafkaName name, Clock clock, long sinceNs, Distribution distribution, LongSupplier number) {
        this.name = name;
        this.clock = clock;
        this.distribution = distribution;
        this.number = number;
        boolean rated = name.kind() == KafkaName.Kind.METER || name.kind() == KafkaName.Kind.TIMER;
        this.rates = rated ? new Rates(0, sinceNs) : null;
        this.attributes = name.kind() == KafkaName.Kind.ATTRIBUTE ? new CopyOnWriteArrayList<>(List.of(this)) : null;
    }

    /** Shows another one's value as well. */
    void join(KafkaBean attribute) {
        attributes.add(attribute);
    }

    /** Shows somebody's value no more. {@return whether nothing is left} */
    boolean leave(KafkaBean attribute) {
        attributes.remove(attribute);
        return attributes.isEmpty();
    }

    /** {@return the bean of one meter} @param sinceNs a monotonic time at which nothing had been counted yet */
    static KafkaBean of(KafkaName name, Clock clock, long sinceNs, Meter meter) {
        if (meter instanceof Distribution distribution) {
            return new KafkaBean(name, clock, sinceNs, distribution, distribution::count);
        }
        LongSupplier number = meter instanceof Count count ? count::sum : ((Value) meter)::number;
        return new KafkaBean(name, clock, sinceNs, null, number);
    }

    /** {@return the bean of the sum over all of a name} @param sinceNs as above */
    static KafkaBean ofTotal(KafkaName name, Clock clock, long sinceNs, LongSupplier total) {
        return new KafkaBean(name, clock, sinceNs, null, total);
    }

    /** To be called every few seconds, so that rates are those of late. */
    void look() {
        if (rates != null) {
            rates.look(number.getAsLong(), clock.monotonicNs());
        }
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        Object value = value(attribute);
        if (value == null) {
            throw new AttributeNotFoundException(attribute);
        }
        return value;
    }

    private Object value(String attribute) {
        if (name.kind() == KafkaName.Kind.ATTRIBUTE) {
            for (KafkaBean one : attributes) {
                if (one.name.name().equals(attribute)) {
                    return one.number.getAsLong() * one.name.scale();
                }
            }
            return null;
        }
        Double share = PERCENTILES.get(attribute);
        if (share != null) {
            return distribution == null
                    ? null
                    : distribution.percentiles(clock.monotonicNs()).at(share) * name.scale();
        }
        return switch (attribute) {
            case "Value" ->
                name.kind() == KafkaName.Kind.SHARE
                        ? (Object) (number.getAsLong() * name.scale())
                        : (Object) number.getAsLong();
            case "Count" -> number.getAsLong();
            case "Min" -> scaled(distribution == null ? null : (double) distribution.least());
            case "Max" -> scaled(distribution == null ? null : (double) distribution.most());
            case "Mean" -> scaled(distribution == null ? null : distribution.mean());
            case "StdDev" -> scaled(distribution == null ? null : distribution.deviation());
            case "LatencyUnit" -> TimeUnit.MILLISECONDS;
            default -> rates == null ? null : rate(attribute);
        };
    }

    private Double scaled(Double value) {
        return value == null ? null : value * name.scale();
    }

    /** Of times, how much of a nanosecond is counted in one. */
    private Object rate(String attribute) {
        double unit = name.countsTime() ? NS_PER_S : 1;
        look();
        return switch (attribute) {
            case "EventType" -> name.event();
            case "RateUnit" -> name.countsTime() ? TimeUnit.NANOSECONDS : TimeUnit.SECONDS;
            case "MeanRate" -> rates.mean(number.getAsLong(), clock.monotonicNs()) / unit;
            case "OneMinuteRate" -> rates.oneMinute() / unit;
            case "FiveMinuteRate" -> rates.fiveMinutes() / unit;
            case "FifteenMinuteRate" -> rates.fifteenMinutes() / unit;
            default -> null;
        };
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
        AttributeList list = new AttributeList();
        for (String attribute : attributes) {
            Object value = value(attribute);
            if (value != null) {
                list.add(new Attribute(attribute, value));
            }
        }
        return list;
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return switch (name.kind()) {
            case METER -> METER;
            case HISTOGRAM -> HISTOGRAM;
            case TIMER -> TIMER;
            case GAUGE, SHARE -> GAUGE;
            case ATTRIBUTE ->
                new MBeanInfo(
                        KafkaBean.class.getName(),
                        null,
                        attributes.stream()
                                .map(one -> attribute(one.name.name(), double.class.getName()))
                                .toArray(MBeanAttributeInfo[]::new),
                        null,
                        null,
                        null);
        };
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String action, Object[] parameters, String[] signature) throws ReflectionException {
        throw new ReflectionException(new NoSuchMethodException(action));
    }

    private static MBeanInfo info(boolean rates, boolean distribution, boolean latency) {
        List<MBeanAttributeInfo> attributes = new ArrayList<>();
        attributes.add(attribute("Count", long.class.getName()));
        String number = double.class.getName();
        if (rates) {
            attributes.add(attribute("EventType", String.class.getName()));
            attributes.add(attribute("RateUnit", TimeUnit.class.getName()));
            for (String rate : List.of("MeanRate", "OneMinuteRate", "FiveMinuteRate", "FifteenMinuteRate")) {
                attributes.add(attribute(rate, number));
            }
        }
        if (distribution) {
            for (String moment : List.of("Min", "Max", "Mean", "StdDev")) {
                attributes.add(attribute(moment, number));
            }
            PERCENTILES.keySet().forEach(percentile -> attributes.add(attribute(percentile, number)));
        }
        if (latency) {
            attributes.add(attribute("LatencyUnit", TimeUnit.class.getName()));
        }
        return new MBeanInfo(
                KafkaBean.class.getName(), null, attributes.toArray(new MBeanAttributeInfo[0]), null, null, null);
    }

    private static MBeanAttributeInfo attribute(String name, String type) {
        return new MBeanAttributeInfo(name, type, null, true, false, false);
    }
}
