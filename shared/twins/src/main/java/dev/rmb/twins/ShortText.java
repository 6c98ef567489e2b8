package dev.rmb.twins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body of HTTP as text, refused when it is longer than anything that was asked for. */
final class ShortText implements BodySubscriber<String> {
    private final BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
    private final int limit;
    private int length;
    private Flow.@Nullable Subscription subscription;

    private ShortText(int limit) {
        this.limit = limit;
    }

    static HttpResponse.BodyHandler<String> atMost(int bytes) {
        return response -> new ShortText(bytes);
    }

    @Override
    public CompletionStage<String> getBody() {
        return text.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        text.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        if (length <= limit) {
            text.onNext(parts);
            return;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        text.onError(
                DirectoryException.lasting("an answer of more than " + limit + " bytes", null));
    }

    @Override
    public void onError(Throwable failure) {
        text.onError(failure);
    }

    @Override
    public void onComplete() {
        text.onComplete();
    }
}
