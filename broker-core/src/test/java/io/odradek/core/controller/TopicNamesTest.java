package io.odradek.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import org.junit.jupiter.api.Test;

class TopicNamesTest {
    @Test
    void whatKraftCallsItsMetadataIsNoTopic() {
        assertThatThrownBy(() -> TopicNames.check("__cluster_metadata"))
                .hasMessageContaining("metadata log")
                .extracting(error -> ((ApiException) error).error())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(TopicNames.legal("__cluster_metadata")).isFalse();
        assertThat(TopicNames.legal("__cluster_metadata_")).isTrue();
        assertThat(TopicNames.legal("__consumer_offsets")).isTrue();
    }
}
