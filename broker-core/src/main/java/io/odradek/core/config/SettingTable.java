package io.odradek.core.config;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings a broker knows, in the order of their declaration. The declarations are in the {@code ...Settings} files. */
public final class SettingTable {
    private static final SettingTable BROKER = declareBrokerSettings();

    private final Map<String, Setting> byName = new LinkedHashMap<>(512);
    private Setting.Effect effect = Setting.Effect.SERVED;

    SettingTable() {}

    /** {@return the settings of a broker} */
    public static SettingTable broker() {
        return BROKER;
    }

    /** {@return the setting of a name, which may have the prefix of a listener; or null} */
    public Setting find(String name) {
        Setting setting = byName.get(name);
        return setting != null || !name.startsWith(ListenerSettings.PREFIX)
                ? setting
                : ListenerSettings.find(name, this);
    }

    /** {@return all of them} */
    public Collection<Setting> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    private static SettingTable declareBrokerSettings() {
        SettingTable table = new SettingTable();
        GeneralSettings.declare(table);
        NetworkSettings.declare(table);
        LogSettings.declare(table);
        ReplicationSettings.declare(table);
        CoordinatorSettings.declare(table);
        ZooKeeperSettings.declare(table);
        SecuritySettings.declare(table);
        return table;
    }

    /** Says what comes of the settings that are declared next. */
    void effect(Setting.Effect ofTheNext) {
        effect = ofTheNext;
    }

    void flag(String name, boolean defaultValue, String doc) {
        add(name, SettingType.BOOLEAN, defaultValue, Allowed.ANY, doc);
    }

    void int16(String name, int defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.SHORT, defaultValue, allowed, doc);
    }

    void int32(String name, Integer defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.INT, defaultValue, allowed, doc);
    }

    void int64(String name, Long defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.LONG, defaultValue, allowed, doc);
    }

    void real(String name, double defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.DOUBLE, defaultValue, allowed, doc);
    }

    void text(String name, String defaultValue, String doc) {
        add(name, SettingType.STRING, defaultValue, Allowed.ANY, doc);
    }

    void word(String name, String defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.STRING, defaultValue, allowed, doc);
    }

    void list(String name, String defaultValue, Allowed allowed, String doc) {
        add(name, SettingType.LIST, defaultValue, allowed, doc);
    }

    void items(String name, String defaultValue, String doc) {
        add(name, SettingType.ITEMS, defaultValue, Allowed.ANY, doc);
    }

    void className(String name, String doc) {
        add(name, SettingType.CLASS, null, Allowed.ANY, doc);
    }

    void className(String name, Allowed allowed, String doc) {
        add(name, SettingType.CLASS, null, allowed, doc);
    }

    void secret(String name, String doc) {
        add(name, SettingType.PASSWORD, null, Allowed.ANY, doc);
    }

    private void add(String name, SettingType type, Object defaultValue, Allowed allowed, String doc) {
        String defaultText = defaultValue == null ? null : defaultValue.toString();
        if (byName.put(name, new Setting(name, type, defaultText, allowed, doc, effect)) != null) {
            throw new IllegalStateException("Declared twice: " + name);
        }
    }
}
