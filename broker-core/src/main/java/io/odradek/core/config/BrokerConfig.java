package io.odradek.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A broker's configuration: what it was given, under Kafka's names, over the defaults of the {@link SettingTable}. Given
 * values are read and checked when the configuration is made; after that it is immutable and may be read anywhere.
 */
public final class BrokerConfig {
    private final SettingTable table = SettingTable.broker();
    private final Map<String, String> ofFile;
    private final Map<String, String> ofAllBrokers;
    private final Map<String, String> ofThisBroker;
    private final Map<String, String> given;
    private final Map<String, Object> parsed = new HashMap<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> withoutEffect = new ArrayList<>();
    private final ListenerConfig listeners;

    private BrokerConfig(
            Map<String, String> ofFile, Map<String, String> ofAllBrokers, Map<String, String> ofThisBroker) {
        this.ofFile = ofFile;
        this.ofAllBrokers = ofAllBrokers;
        this.ofThisBroker = ofThisBroker;
        Map<String, String> all = new TreeMap<>(ofFile);
        all.putAll(ofAllBrokers);
        all.putAll(ofThisBroker);
        this.given = Collections.unmodifiableMap(all);
        for (Map.Entry<String, String> entry : this.given.entrySet()) {
            Setting setting = table.find(entry.getKey());
            if (setting != null) {
                parsed.put(setting.name(), setting.parse(entry.getValue()));
                if (setting.effect() != Setting.Effect.SERVED && setting.isChangedBy(entry.getValue())) {
                    withoutEffect.add(setting.name());
                }
            } else {
                unknown.add(entry.getKey());
            }
        }
        if (unknown.contains(Unserved.OF_KRAFT)) {
            throw new ConfigException(Unserved.ofKraft(this.given, unknown));
        }
        ConfigChecks.check(this);
        this.listeners = ListenerConfig.of(this);
    }

    /**
     * Reads a configuration.
     *
     * @param given values by name, overrides already put over those of the file
     * @throws ConfigException if a value is not allowed, values contradict each other, or they are those of KRaft mode
     */
    public static BrokerConfig of(Map<String, String> given) {
        return new BrokerConfig(Collections.unmodifiableMap(new TreeMap<>(given)), Map.of(), Map.of());
    }

    /**
     * {@return the same file's configuration, with what the tree sets} What it sets for this broker is stronger than what it
     * sets for all of them, and both are stronger than the file.
     *
     * @throws ConfigException if a value is not allowed, or values contradict each other
     */
    public BrokerConfig with(Map<String, String> ofAll, Map<String, String> ofThis) {
        return new BrokerConfig(
                ofFile,
                Collections.unmodifiableMap(new TreeMap<>(ofAll)),
                Collections.unmodifiableMap(new TreeMap<>(ofThis)));
    }

    /** {@return what the broker was started with, without what the tree sets} */
    public Map<String, String> ofFile() {
        return ofFile;
    }

    /** {@return what the tree sets for all brokers and is heeded, sorted by name} */
    public Map<String, String> ofAllBrokers() {
        return ofAllBrokers;
    }

    /** {@return what the tree sets for this broker and is heeded, sorted by name} */
    public Map<String, String> ofThisBroker() {
        return ofThisBroker;
    }

    /** {@return the values that are set, by name, sorted: what {@code LogConfig} and the like take their defaults from} */
    public Map<String, String> given() {
        return given;
    }

    /** {@return one line for each name that is not known, one for all that are and have no effect, and one for old formats of records} */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(
                unknown.isEmpty() && withoutEffect.isEmpty() ? List.of() : Unserved.warnings(unknown, withoutEffect));
        String ofFormat = isSet(RecordFormats.STORED)
                ? RecordFormats.warning(RecordFormats.STORED, text(RecordFormats.STORED))
                : null;
        if (ofFormat != null) {
            warnings.add(ofFormat);
        }
        return warnings;
    }

    /**
     * Refuses what a broker must not pass over in silence.
     *
     * @throws ConfigException if a setting asks for protection that there is not
     */
    public void requireServed() {
        if (!unknown.isEmpty() || !withoutEffect.isEmpty()) {
            Unserved.refuse(unknown, withoutEffect);
        }
    }

    /** {@return what was given and is not the default, sorted by name; secrets are hidden, as are names that are not known} */
    public SortedMap<String, String> changes() {
        SortedMap<String, String> changes = new TreeMap<>();
        for (Map.Entry<String, String> entry : given.entrySet()) {
            Setting setting = table.find(entry.getKey());
            if (setting != null && setting.isChangedBy(entry.getValue())) {
                changes.put(setting.name(), setting.sensitive() ? "[hidden]" : entry.getValue());
            }
        }
        return changes;
    }

    /** {@return whether a setting was given a value} */
    public boolean isSet(String name) {
        return parsed.containsKey(name);
    }

    /** {@return the broker's number as it was given, or -1: then that of {@code meta.properties} holds, or 0} */
    public int brokerId() {
        return isSet("broker.id") ? int32("broker.id") : int32("node.id");
    }

    /** {@return the ensemble that holds the cluster's tree ({@code zookeeper.connect}), null for a broker without one} */
    public String zooKeeperConnect() {
        String connect = text("zookeeper.connect");
        return connect == null || connect.isBlank() ? null : connect;
    }

    /** {@return the settings as they hold for one listener, by its name in {@code listeners}} */
    public ListenerSettings ofListener(String name) {
        return ListenerSettings.of(this, name);
    }

    /** {@return the listeners and what clients are told of them} */
    public ListenerConfig listeners() {
        return listeners;
    }

    /** {@return the log folders, at least one} */
    public List<String> logDirs() {
        List<String> folders = list("log.dirs");
        return folders.isEmpty() ? List.of(text("log.dir")) : folders;
    }

    /** {@return the value of a BOOLEAN} */
    public boolean flag(String name) {
        return (Boolean) present(name);
    }

    /** {@return the value of an INT or SHORT} */
    public int int32(String name) {
        return ((Number) present(name)).intValue();
    }

    /** {@return the value of a SHORT} */
    public short int16(String name) {
        return (Short) present(name);
    }

    /** {@return the value of an INT, SHORT or LONG} */
    public long int64(String name) {
        return ((Number) present(name)).longValue();
    }

    /** {@return the value of a DOUBLE} */
    public double real(String name) {
        return (Double) present(name);
    }

    /** {@return the value of a STRING, CLASS or PASSWORD; null if it has none} */
    public String text(String name) {
        return (String) value(name);
    }

    /** {@return the items of a LIST, empty if it has no value} */
    @SuppressWarnings("unchecked")
    public List<String> list(String name) {
        Object value = value(name);
        return value == null ? List.of() : (List<String>) value;
    }

    /** {@return every setting with its value, for DescribeConfigs, in the table's order} */
    public List<ConfigEntry> entries() {
        return new DescribedSettings(this).ofBroker();
    }

    private Object present(String name) {
        Object value = value(name);
        if (value == null) {
            throw new IllegalStateException("Setting has no value: " + name);
        }
        return value;
    }

    /** {@return all that has a value, given or by default, names that are not known among it} */
    Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>(given);
        for (Setting setting : table.all()) {
            Object value = value(setting.name());
            if (value != null) {
                values.put(setting.name(), value);
            }
        }
        return values;
    }

    Object value(String name) {
        Object value = parsed.get(name);
        if (value != null) {
            return value;
        }
        Setting setting = table.find(name);
        if (setting == null) {
            throw new IllegalArgumentException("No such setting: " + name);
        }
        return setting.defaultText() == null ? null : setting.parse(setting.defaultText());
    }
}
