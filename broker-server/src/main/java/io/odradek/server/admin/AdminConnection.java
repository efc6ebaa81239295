package io.odradek.server.admin;

import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A connection to an admin listener: one request at a time, read only, each to arrive and each answer to be taken within the
 * time that there is. All of it happens on the listeners' loop.
 */
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> {
    private final AdminConnections shared;
    private ChannelHandlerContext context;
    private Future<?> deadline;
    private HttpRequest request;
    private boolean hasBody;
    private boolean inWork;
    private boolean impatient;

    AdminConnection(AdminConnections shared) {
        this.shared = shared;
    }

    /** {@return whether nobody waits for anything here but the next request} */
    boolean rests() {
        return !inWork;
    }

    void close() {
        context.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        shared.add(this);
        closeUnlessDoneInTime();
        context.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        deadline.cancel(false);
        shared.remove(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext read, HttpObject part) {
        if (inWork) {
            // Who does not wait for an answer gets that one, and no more.
            impatient = true;
            return;
        }
        if (part.decoderResult().isFailure()) {
            request = null;
            finish(Answer.error(400, "this is no request that can be read, or one that is too long"), false);
            return;
        }
        if (part instanceof HttpRequest head) {
            request = head;
            hasBody = false;
        }
        if (part instanceof HttpContent content) {
            hasBody |= content.content().isReadable();
        }
        if (part instanceof LastHttpContent || hasBody) {
            serve();
        } else {
            context.read();
        }
    }

    private void serve() {
        inWork = true;
        deadline.cancel(false);
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            finish(
                    Answer.error(METHOD_NOT_ALLOWED.code(), "there is nothing to change here, only GET and HEAD")
                            .with("Allow", "GET, HEAD"),
                    false);
        } else if (hasBody) {
            finish(Answer.error(413, "a request has no body here"), false);
        } else {
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            shared.routes()
                    .answer(
                            request.uri(),
                            request.headers().get(HttpHeaderNames.HOST),
                            answer -> context.executor().execute(() -> finish(answer, keepAlive)));
        }
    }

    private void finish(Answer wanted, boolean wantedAlive) {
        if (!context.channel().isActive()) {
            return;
        }
        inWork = true;
        boolean keepAlive = wantedAlive && !impatient;
        closeUnlessDoneInTime();
        Answer answer = shared.mayHold(wanted.body().length)
                ? wanted
                : Answer.error(503, "too many answers have not been taken yet").with("Retry-After", "1");
        int bytes = answer.body().length;
        shared.hold(bytes);
        ChannelFuture written = context.writeAndFlush(response(answer, keepAlive));
        written.addListener(done -> {
            shared.release(bytes);
            if (done.isSuccess()) {
                next();
            } else {
                context.close();
            }
        });
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void next() {
        inWork = false;
        request = null;
        shared.rested(this);
        closeUnlessDoneInTime();
        context.read();
    }

    private FullHttpResponse response(Answer answer, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        AdminHeaders.addTo(response.headers());
        answer.headers().forEach(response.headers()::set);
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }

    /** Begins the time for what is due next: a request, or that the answer is taken. */
    private void closeUnlessDoneInTime() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(() -> context.close(), shared.timeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        failed.close();
    }
}
