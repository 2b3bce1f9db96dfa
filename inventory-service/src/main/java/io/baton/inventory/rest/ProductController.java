package io.baton.inventory.rest;

import io.baton.http.IdempotencyKey;
import io.baton.http.IdempotencyKeys;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.http.access.Opening;
import io.baton.inventory.Catalogue;
import io.baton.inventory.Product;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The catalogue. */
@RestController
@RequestMapping("/products")
class ProductController {

    private static final int LIMIT_MAX = 200;

    private final Catalogue catalogue;
    private final IdempotencyKeys idempotencyKeys;
    private final TransactionTemplate transactions;

    ProductController(Catalogue catalogue, IdempotencyKeys idempotencyKeys, TransactionTemplate transactions) {
        this.catalogue = catalogue;
        this.idempotencyKeys = idempotencyKeys;
        this.transactions = transactions;
    }

    /** 201 for a product that is new, 200 for one that was there. */
    @PutMapping("/{sku}")
    ResponseEntity<ProductBody> put(@PathVariable String sku, @RequestBody ProductRequest request) {
        requireSku(sku, "path");
        ProductRequest.Checked checked = request.checked();
        Catalogue.Put put = catalogue.put(sku, checked.name(), checked.price());
        ProductBody body = ProductBody.of(put.product());
        return put.added()
                ? ResponseEntity.created(URI.create("/products/" + sku)).body(body)
                : ResponseEntity.ok(body);
    }

    /** Goods came in: 201 with the product as it is now. */
    @PostMapping("/{sku}/receipts")
    ResponseEntity<?> receive(
            @PathVariable String sku, @Nullable IdempotencyKey key, @RequestBody ReceiptRequest request) {
        requireSku(sku, "path");
        long quantity = request.checkedQuantity();
        String scope = "POST /products/" + sku + "/receipts";
        return transactions.execute(
                status -> idempotencyKeys.once(scope, key, request, () -> receive(sku, quantity)));
    }

    private ResponseEntity<ProductBody> receive(String sku, long quantity) {
        Product product = catalogue.receive(sku, quantity).orElseThrow(() -> unknown(sku));
        return ResponseEntity.status(201).body(ProductBody.of(product));
    }

    @GetMapping("/{sku}")
    ProductBody product(@PathVariable String sku) {
        if (!Product.isSku(sku)) {
            throw unknown(sku);
        }
        return catalogue.find(sku).map(ProductBody::of).orElseThrow(() -> unknown(sku));
    }

    /** The products after one SKU; the first ones if none is given. */
    @GetMapping
    ResponseEntity<ProductPage> products(
            @RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "50") int limit) {
        if (!after.isEmpty()) {
            requireSku(after, "parameter after");
        }
        if (limit < 1 || limit > LIMIT_MAX) {
            throw badRequest("OUT_OF_RANGE", "Expected a limit from 1 to " + LIMIT_MAX + ".");
        }
        List<Product> oneMore = catalogue.after(after, limit + 1);
        List<Product> page = oneMore.subList(0, Math.min(limit, oneMore.size()));
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (oneMore.size() > limit) {
            String next = "/products?after=" + page.getLast().sku() + "&limit=" + limit;
            answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return answer.body(new ProductPage(page.stream().map(ProductBody::of).toList()));
    }

    private static void requireSku(String sku, String where) {
        if (!Product.isSku(sku)) {
            throw badRequest(
                    "WRONG_FORMAT",
                    "Expected a SKU in the " + where + ": 1 to 64 characters, each one of A-Z a-z 0-9 . _ -");
        }
    }

    private static ProblemException badRequest(String code, String detail) {
        return ProblemException.invalid(List.of(Violation.ofRequest(code, detail)));
    }

    private static ProblemException unknown(String sku) {
        return ProblemException.notFound(
                Product.isSku(sku) ? "There is no product " + sku + "." : "There is no product of this name.");
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenToEverybody {

        @Bean
        Opening seeingProducts() {
            return new Opening(HttpMethod.GET, "/products", Opening.To.EVERYBODY);
        }

        @Bean
        Opening seeingOneProduct() {
            return new Opening(HttpMethod.GET, "/products/{sku}", Opening.To.EVERYBODY);
        }
    }
}
