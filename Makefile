# Two commands matter: "make demo" shows the program, "make test" proves it.
.PHONY: demo build test quick bench fuzz chaos soak lint cover clean

demo: ## the example company, on a printed address
	go run ./cmd/relance demo

build: ## one static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/relance ./cmd/relance

test: ## install what the tests need, then run everything
	scripts/test

quick: ## the tests that need nothing installed
	go vet ./... && go test ./...

bench: ## each figure beside the machine's own limit, and their ratio
	go run ./internal/bench -n 10000 -growth

fuzz: ## every fuzz target for FUZZTIME each (10s)
	scripts/fuzz

chaos: ## kill the program again and again over CHAOS messages (10000) on each database, against a bad mail server
	RELANCE_CHAOS=$${CHAOS:-10000} go test ./cmd/relance -run 'TestChaos' -count 1 -v -timeout 2h

soak: ## random simulated months of two companies for SOAK (1h), on each database in turn; RELANCE_SOAK_SEED and RELANCE_SOAK_DAYS bend it
	RELANCE_SOAK=$${SOAK:-1h} go test ./internal/app -run 'TestSoak' -count 1 -v -timeout 26h

lint: ## golangci-lint, pinned in its own module
	cd tools && go build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	bin/golangci-lint run ./...

clean:
	rm -rf bin node_modules
