package io.odradek.server.metrics;

import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What one of our meters is called by those who watch Kafka.
 *
 * @param meter our name of it, with the prefix that it has in the registry
 * @param kind how it is shown
 * @param event of what kind the events are that are counted; null where none are
 * @param domain the MBean's domain
 * @param type its type
 * @param name its name
 * @param keys its other properties, in order; what stands in braces is the value of our tag of that name
 * @param total whether the sum over all is shown too, under the same name without properties, from the start
 * @param scale what values of ours are multiplied by
 */
record KafkaName(
        String meter,
        Kind kind,
        String event,
        String domain,
        String type,
        String name,
        List<Key> keys,
        boolean total,
        double scale) {
    private static final Pattern PLAIN = Pattern.compile("[\\w\\-%. \t]*");

    /** How a meter is shown. */
    enum Kind {
        /** A count, and the rates at which it grew. */
        METER,
        /** How something is distributed. */
        HISTOGRAM,
        /** How long something takes, and how often it happens. */
        TIMER,
        /** A whole number. */
        GAUGE,
        /** A number with a fraction. */
        SHARE,
        /** A number that is an attribute of an MBean, under the name that others have in the MBean's. */
        ATTRIBUTE
    }

    /** @param value in braces, the name of our tag; else what it is */
    record Key(String name, String value) {
        /** {@return its value for one of our meters, empty if that has no such tag} @param meter null of the total */
        String of(Meter.Id meter) {
            if (!value.startsWith("{")) {
                return value;
            }
            String tag = value.substring(1, value.length() - 1);
            String of = meter == null ? null : meter.getTag(tag);
            return of == null ? "" : inKafka(tag, of);
        }

        /** APIs and kinds of waiting requests are written as words in Kafka's names, and as constants in ours. */
        private static String inKafka(String tag, String value) {
            if (!tag.equals("api") && !tag.equals("kind")) {
                return value;
            }
            StringBuilder words = new StringBuilder();
            for (String word : value.split("_")) {
                words.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            return words.toString();
        }
    }

    /** @param objectName the MBean's name, as {@code domain:type=...,name=...,key={tag}}; or with {@code #attribute} at its end */
    static KafkaName of(String meter, Kind kind, String event, String objectName, boolean total, double scale) {
        int colon = objectName.indexOf(':');
        String type = null;
        String name = null;
        List<Key> keys = new ArrayList<>();
        int hash = objectName.indexOf('#');
        if (hash >= 0) {
            name = objectName.substring(hash + 1);
        }
        for (String property : objectName
                .substring(colon + 1, hash < 0 ? objectName.length() : hash)
                .split(",")) {
            int equals = property.indexOf('=');
            String key = property.substring(0, equals);
            String value = property.substring(equals + 1);
            switch (key) {
                case "type" -> type = value;
                case "name" -> name = value;
                default -> keys.add(new Key(key, value));
            }
        }
        return new KafkaName(
                MicrometerMeters.PREFIX + meter,
                kind,
                event,
                objectName.substring(0, colon),
                type,
                name,
                List.copyOf(keys),
                total,
                scale);
    }

    /** {@return the name of the MBean of one of our meters} @param of null of the total */
    String objectName(Meter.Id of) {
        StringBuilder objectName = new StringBuilder(domain).append(":type=").append(type);
        if (kind != Kind.ATTRIBUTE) {
            objectName.append(",name=").append(name);
        }
        for (Key key : keys) {
            String value = key.of(of);
            if (!value.isEmpty()) {
                objectName.append(',').append(key.name()).append('=').append(quoted(value));
            }
        }
        return objectName.toString();
    }

    /** As Kafka does it: what would mean something in an MBean's name is quoted. */
    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : javax.management.ObjectName.quote(value);
    }

    /** {@return whether what is counted are nanoseconds, of which a rate is a share} */
    boolean countsTime() {
        return "percent".equals(event);
    }

    /** {@return the name that the usual rules of Prometheus' JMX exporter give it} */
    String inPrometheus() {
        String shown = name;
        if (kind == Kind.METER && name.endsWith("PerSec")) {
            shown = name.substring(0, name.length() - "PerSec".length()) + "_total";
        } else if (name.endsWith("Percent")) {
            shown = name.substring(0, name.length() - "Percent".length()) + "_percent";
        }
        return (domain + "_" + type + "_" + shown)
                .replaceAll("[^A-Za-z0-9_]", "_")
                .toLowerCase(Locale.ROOT);
    }
}
