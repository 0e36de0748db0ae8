// seam: EngineIO
