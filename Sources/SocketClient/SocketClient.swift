// The client arrives as soon as the packet codecs of EngineIO and SocketIO stand.
