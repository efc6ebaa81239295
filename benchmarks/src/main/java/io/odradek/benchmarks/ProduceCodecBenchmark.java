package io.odradek.benchmarks;

import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.api.ProduceRequestCodec;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.ProduceResponse.LeaderIdAndEpoch;
import io.odradek.protocol.api.ProduceResponse.PartitionProduceResponse;
import io.odradek.protocol.api.ProduceResponse.TopicProduceResponse;
import io.odradek.protocol.api.ProduceResponseCodec;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.record.CompressionCodec;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.EncodedMessage;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding and encoding of Produce, version 11: a request with one batch of 64 KiB for one partition, and its response.
 *
 * <p>The batch is neither copied nor looked at, so a good figure does not depend on its size: a few hundred nanoseconds
 * at most, made of the objects of the message and of one string. If it grows to microseconds, the records are being copied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProduceCodecBenchmark {
    private static final short VERSION = 11;

    private ProduceRequest request;
    private ProduceResponse response;
    private ByteBuffer requestBytes;
    private ByteBuffer responseBytes;

    @Setup
    public void encodeSamples() {
        ByteBuffer batch = RecordSamples.batch(CompressionCodec.NONE, 1024, RecordSamples.BATCH_BYTES);
        request = new ProduceRequest(
                null,
                (short) 1,
                30_000,
                List.of(new TopicProduceData(
                        "benchmark-topic", List.of(new PartitionProduceData(3, new BytesPayload(batch))))));
        response = new ProduceResponse(
                List.of(new TopicProduceResponse(
                        "benchmark-topic",
                        List.of(new PartitionProduceResponse(
                                3, ErrorCode.NONE, 1_000_000, -1, 0, List.of(), null, new LeaderIdAndEpoch(-1, -1))))),
                List.of());
        requestBytes = WireSamples.body(encodeRequest());
        responseBytes = WireSamples.body(encodeResponse());
    }

    @Benchmark
    public ProduceRequest decodeRequest() {
        return ProduceRequestCodec.read(new WireReader(requestBytes.duplicate()), VERSION);
    }

    @Benchmark
    public EncodedMessage encodeRequest() {
        return WireSamples.encode(out -> ProduceRequestCodec.write(out, request, VERSION));
    }

    @Benchmark
    public ProduceResponse decodeResponse() {
        return ProduceResponseCodec.read(new WireReader(responseBytes.duplicate()), VERSION);
    }

    @Benchmark
    public EncodedMessage encodeResponse() {
        return WireSamples.encode(out -> ProduceResponseCodec.write(out, response, VERSION));
    }
}
