package io.odradek.core.request;

import io.odradek.core.config.ConfigSource;
import io.odradek.core.config.Setting;
import io.odradek.core.config.SettingTable;
import io.odradek.core.config.SettingType;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicConfigs;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsSynonym;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A topic's settings in the words of DescribeConfigs and CreateTopics responses. */
final class TopicSettings {
    private final Map<String, String> brokerDefaults;

    /** @param brokerDefaults the broker's settings by their broker names */
    TopicSettings(Map<String, String> brokerDefaults) {
        this.brokerDefaults = brokerDefaults;
    }

    /** {@return all settings of a topic, as CreateTopics shows them (KIP-525)} */
    List<CreatableTopicConfigs> created(Map<String, String> overrides) {
        List<CreatableTopicConfigs> settings = new ArrayList<>();
        for (LogConfig.Entry entry : LogConfig.of(brokerDefaults, overrides).entries()) {
            settings.add(new CreatableTopicConfigs(
                    entry.name(), entry.value(), false, source(entry.source()).code(), false));
        }
        return settings;
    }

    /** {@return the settings of a topic that are wanted, as DescribeConfigs shows them} */
    List<DescribeConfigsResourceResult> described(
            Map<String, String> overrides, Predicate<String> wanted, boolean synonyms, boolean documentation) {
        SettingTable table = SettingTable.broker();
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        for (LogConfig.Entry entry : LogConfig.of(brokerDefaults, overrides).entries()) {
            if (wanted.test(entry.name())) {
                settings.add(new DescribeConfigsResourceResult(
                        entry.name(),
                        entry.value(),
                        entry.readOnly(),
                        entry.source() != LogConfig.Source.TOPIC,
                        source(entry.source()).code(),
                        false,
                        synonyms ? synonyms(entry) : List.of(),
                        type(entry.type()).code(),
                        documentation ? documentation(table, entry.name()) : null));
            }
        }
        return settings;
    }

    private static List<DescribeConfigsSynonym> synonyms(LogConfig.Entry entry) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>(entry.synonyms().size());
        for (LogConfig.Synonym synonym : entry.synonyms()) {
            synonyms.add(new DescribeConfigsSynonym(
                    synonym.name(), synonym.value(), source(synonym.source()).code()));
        }
        return synonyms;
    }

    private static String documentation(SettingTable table, String topicName) {
        for (String brokerName :
                LogSetting.ofTopicName(topicName).map(LogSetting::brokerNames).orElse(List.of())) {
            Setting setting = table.find(brokerName);
            if (setting != null) {
                return setting.doc();
            }
        }
        return null;
    }

    private static ConfigSource source(LogConfig.Source source) {
        return switch (source) {
            case TOPIC -> ConfigSource.TOPIC_CONFIG;
            case BROKER -> ConfigSource.STATIC_BROKER_CONFIG;
            case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
        };
    }

    private static SettingType type(LogSetting.Type type) {
        return switch (type) {
            case BOOLEAN -> SettingType.BOOLEAN;
            case STRING -> SettingType.STRING;
            case INT -> SettingType.INT;
            case LONG -> SettingType.LONG;
            case DOUBLE -> SettingType.DOUBLE;
            case LIST -> SettingType.LIST;
        };
    }
}
