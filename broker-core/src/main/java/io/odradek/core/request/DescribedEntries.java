package io.odradek.core.request;

import io.odradek.core.config.ConfigEntry;
import io.odradek.core.config.ConfigEntry.Synonym;
import io.odradek.core.config.ConfigSource;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;

/** Settings in the words of DescribeConfigs responses. */
final class DescribedEntries {
    private DescribedEntries() {}

    static DescribeConfigsResourceResult of(ConfigEntry entry, boolean synonyms, boolean documentation) {
        return new DescribeConfigsResourceResult(
                entry.name(),
                entry.value(),
                entry.readOnly(),
                entry.source() == ConfigSource.DEFAULT_CONFIG,
                entry.source().code(),
                entry.sensitive(),
                synonyms ? synonyms(entry.synonyms()) : List.of(),
                entry.type().code(),
                documentation ? entry.doc() : null);
    }

    static List<DescribeConfigsSynonym> synonyms(List<Synonym> synonyms) {
        List<DescribeConfigsSynonym> shown = new ArrayList<>(synonyms.size());
        for (Synonym synonym : synonyms) {
            shown.add(new DescribeConfigsSynonym(
                    synonym.name(), synonym.value(), synonym.source().code()));
        }
        return shown;
    }
}
