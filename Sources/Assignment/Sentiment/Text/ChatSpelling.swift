/// Short spellings of chats and the words that they stand for.
enum ChatSpelling {
    private static let spellings: [UInt64: String] = {
        let pairs = """
            q que, k que, ke que, qe que, xq porque, pq porque, xk porque, porq porque, tb tambien, tmb tambien, \
            tbn tambien, tambn tambien, d de, dl del, pa para, xa para, bn bien, vdd verdad, finde finde, \
            toy estoy, stoy estoy, sta esta, stan estan, tas estas, msj mensaje, tqm tkm, tkmm tkm, tqmm tkm, \
            grax gracias, grcs gracias, salu2 saludos, bss besos, bsos besos, kiero quiero, \
            kieres quieres, aki aqui, weno bueno, wenas buenas, wapa guapa, wapo guapo, naa nada, \
            u you, ur your, r are, n and, w with, wo without, ppl people, pls please, \
            plz please, thx thanks, thnx thanks, thanx thanks, tnx thanks, ty thanks, tysm thanks, \
            gr8 great, m8 mate, l8r later, b4 before, 2day today, 2nite tonight, 2moro tomorrow, tmrw tomorrow, \
            tmr tomorrow, tomo tomorrow, bday birthday, bcuz because, bc because, cuz because, cos because, \
            coz because, luv love, luvs loves, lov love, gud good, nite night, rn now, tho though, \
            thru through, dat that, dis this, da the, dem them, dey they, wat what, wut what, wht what, abt about, \
            fav favorite, fave favorite, favourite favorite, favs favorites, faves favorites, srsly seriously
            """
        var spellings: [UInt64: String] = [:]
        for pair in pairs.split(separator: ",") {
            let words = pair.split(separator: " ")
            guard words.count == 2, words[0] != words[1] else { continue }
            spellings[WordHash(String(words[0])).value] = String(words[1])
        }
        return spellings
    }()

    /// The spelling of dictionaries for a word of chats, `nil` for every other.
    static func canonical(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count <= 9 else { return nil }
        return self.spellings[WordHash(bytes).value]
    }
}
