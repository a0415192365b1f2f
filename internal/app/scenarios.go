package app
import ("sync";"relance/internal/domain/dunning";"relance/internal/ground/id")
type scenarioCache struct { mu sync.Mutex; byID map[id.Scenario]*dunning.Scenario }
