extension Lexicon {
    static let spanishRoles: [(LexiconEntry.Roles, String)] = [
        (
            .negator,
            """
            no ni nunca jamas sin tampoco nada nadie apenas ningun ninguna ninguno ninguna_vez en_mi_vida
            """
        ),
        (
            .booster,
            """
            muy super mega hiper ultra re tan tanto tanta tantos tantas demasiado demasiada demasiados mucho mucha
            muchos muchas muchisimo muchisima muchisimos muchisimas bastante totalmente absolutamente completamente
            realmente verdaderamente increiblemente extremadamente sumamente profundamente enormemente mas todo toda
            puto puta pinche jodidamente pedazo_de vaya menudo menuda cada_vez_mas que_tan
            """
        ),
        (.dampener, "poco algo un_poco un_poquito poquito medio casi ligeramente apenas mas_o_menos quiza quizas"),
        (
            .adversative,
            """
            pero sin_embargo aunque no_obstante ahora_bien sino en_cambio a_pesar_de_que pese_a_que eso_si lastima_que
            """
        ),
        (
            .common,
            """
            el la los las un una unos unas de del que y en a por para con sin se lo le les me te nos os mi mis tu tus su sus
            es son era fue ser esta estan estoy estaba hay ha he han has tengo tiene tienen quiero puedo puede hace hacer
            como cuando donde quien porque pero mas menos muy ya si no tambien este esto esta estos estas ese eso esa aqui
            ahora hoy ayer siempre nunca todo todos toda todas nada algo alguien otro otra gracias hola buenas buenos vale
            por_favor bueno bien mejor hasta desde entre sobre vamos voy vas va ver creo solo cada dia dias anos vez gente
            usted ustedes vosotros nosotros ellos ella yo soy eres somos sois manana favor al
            """
        ),
        (.asking, "que quien quienes como cuando donde cual cuales cuanto cuanta cuantos cuantas por_que a_que"),
        (
            .firstPerson,
            "yo me mi mis mio mia conmigo nos nosotros nosotras nuestro nuestra soy estoy tengo he voy quiero"
        ),
        (
            .secondPerson,
            "tu tus te ti contigo usted ustedes vos vosotros os vuestro vuestra su sus eres sois sos tienes teneis tienen"
        ),
        (.unreal, "ojala si espero esperemos podria podrian deberia deberian quisiera seria estaria habria"),
        (
            .swearing,
            """
            mierda puta puto putos putas joder cono carajo cojones hostia ostia verga chingada chingar pinche pendejo pendeja
            cabron cabrones gilipollas coger hdp ptm ctm huevon weon culo cagada cagar jodido jodida me_cago maldito maldita
            malditos boludo pelotudo culero mamada mamadas polla huevos pelotas
            """
        ),
        (
            .anger,
            """
            harto harta hartos hartas hartisim* cansado_de cansada_de cansados_de hasta_las_narices hasta_los_cojones
            hasta_los_huevos hasta_el_gorro hasta_la_madre hasta_la_coronilla hasta_el_mono inadmisible inaceptable
            intolerable indignante indignado indignada indignados vergonzoso vergonzosa verguenza una_verguenza
            tomadura_de_pelo tomando_el_pelo tomar_el_pelo falta_de_respeto no_hay_derecho es_el_colmo no_puede_ser
            ya_esta_bien ya_basta basta de_una_vez hasta_cuando como_es_posible estafa estafador* ladron* timo robo robando
            mentira* mentiroso* mienten enganado enganada engan* sinverguenza* caradura* inutil* incompetent* inept* asco
            pesimo pesima lamentable nefasto nefasta desastre rabia coraje furioso furiosa cabreado cabreada enfadado
            enfadada enojado enojada desesperado desesperada desesperacion me_arruinaron arruinaron no_aguanto no_soporto
            no_os_creo no_les_creo ni_caso nadie_responde nadie_contesta nadie_hace_nada no_servis no_sirven no_hacen_nada
            peor_servicio pesima_atencion mal_servicio mala_atencion que_bronca me_da_rabia me_da_coraje gracias_por_nada
            excusa excusas no_me_tomen no_me_tomeis burla burlan se_rien increible_que vaya_servicio menudo_servicio
            menuda_verguenza perdeis_un_cliente perdido_un_cliente perdido_a_un_cliente no_vuelvo no_volvere nunca_mas
            me_voy_a_la_competencia me_cambio_de_compania ultima_vez doy_de_baja denme_de_baja cierro_la_cuenta denuncia*
            demanda* reclamacion perder_el_tiempo perdida_de_tiempo perder_la_tarde payas* idiota* imbecil* estupid* basura
            porqueria humillante impotencia burros chorros
            """
        ),
        (
            .ordeal,
            """
            otra_vez de_nuevo llevo llevamos sigo_sin seguimos_sin sigue_sin seguis_sin siguen_sin todavia_no aun_no
            segunda_vez tercera_vez cuarta_vez quinta_vez sexta_vez decima_vez enesima_vez por_enesima_vez dos_veces
            tres_veces cada_dos_por_tres cada_dia siempre_lo_mismo lo_mismo_de_siempre siempre_igual esperando horas
            semanas meses dias_esperando hace_un_mes hace_semanas desde_hace nadie me_cuelgan colgado cuelguen encima
            una_y_otra_vez me_pasan_de_un un_mes dos_meses tres_meses tres_semanas dos_semanas repetir repito
            """
        ),
        (
            .topic,
            """
            pedido pedidos cuenta ayuda factura entrega envio error errores problema problemas incidencia incidencias fallo fallos falla averia averias cancelar cancelacion
            cancelado anular devolucion devoluciones devolver reembolso reclamar reclamo queja roto rota danado danada
            defectuoso bloqueado bloqueada perdido perdida extraviado retraso demora retrasado baja cargo cobro deuda multa
            duda dudas garantia rechazada rechazado no_funciona no_puedo no_me_deja no_encuentro no_llega no_aparece
            """
        ),
        (
            .greeting,
            "hola buenas buenos_dias buenas_tardes buenas_noches buen_dia saludos feliz_dia adios hasta_luego bienvenid*"
        ),
    ]
}
