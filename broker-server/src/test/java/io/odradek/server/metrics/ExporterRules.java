package io.odradek.server.metrics;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the usual rules of Prometheus' JMX exporter make of an attribute of one of Kafka's MBeans: the first rule that matches
 * names it. A test's own reading of them, apart from that of the broker.
 */
final class ExporterRules {
    private static final List<Rule> RULES = List.of(
            rule(
                    "kafka.server<type=(.+), name=(.+), clientId=(.+), topic=(.+), partition=(.*)><>Value",
                    "kafka_server_$1_$2"),
            rule("kafka.server<type=(.+), listener=(.+), networkProcessor=(.+)><>(.+)", "kafka_server_$1_$4"),
            rule("kafka.coordinator.(\\w+)<type=(.+), name=(.+)><>(Count|Value)", "kafka_coordinator_$1_$2_$3"),
            rule("kafka.(\\w+)<type=(.+), name=(.+)Percent\\w*><>MeanRate", "kafka_$1_$2_$3_percent"),
            rule("kafka.(\\w+)<type=(.+), name=(.+)Percent\\w*><>Value", "kafka_$1_$2_$3_percent"),
            rule("kafka.(\\w+)<type=(.+), name=(.+)PerSec\\w*(, .+=.+)?(, .+=.+)?><>Count", "kafka_$1_$2_$3_total"),
            rule("kafka.(\\w+)<type=(.+), name=([^,]+)(, .+=.+)?(, .+=.+)?><>Value", "kafka_$1_$2_$3"),
            rule("kafka.(\\w+)<type=(.+), name=([^,]+)(, .+=.+)?(, .+=.+)?><>Count", "kafka_$1_$2_$3_count"),
            rule("kafka.(\\w+)<type=(.+), name=([^,]+)(, .+=.*)?(, .+=.+)?><>(\\d+)thPercentile", "kafka_$1_$2_$3"));

    private record Rule(Pattern pattern, String name) {}

    private ExporterRules() {}

    private static Rule rule(String pattern, String name) {
        return new Rule(Pattern.compile(pattern), name);
    }

    /** {@return the name of the metric, null if no rule takes the attribute} @param objectName with its type and name first */
    static String name(String objectName, String attribute) {
        int colon = objectName.indexOf(':');
        String shown = objectName.substring(0, colon) + "<"
                + objectName.substring(colon + 1).replace(",", ", ") + "><>" + attribute;
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(shown);
            if (matcher.matches()) {
                String name = rule.name();
                for (int i = 1; i <= matcher.groupCount(); i++) {
                    name = name.replace("$" + i, matcher.group(i) == null ? "" : matcher.group(i));
                }
                return name.replaceAll("[^A-Za-z0-9_]", "_").toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }
}
